import type { LogEntry } from '@flotilla/contracts/event-stream';
import { toId } from '@flotilla/contracts/ids';
import type { Sql } from '@flotilla/runtime/database';

/** Entries in one answer. */
export const LOG_PAGE = 500;

/** No transaction that appends lives so long; positions before one that is older are all committed, or never will be. */
const SETTLED = "interval '60 seconds'";

/** What was appended after a position, in order; fewer than `LOG_PAGE` at the end of the log. Needs `IndexEventPositions1767398400030`. */
export async function readLog(sql: Sql, after: number): Promise<LogEntry[]> {
  const rows = await sql.rows<{
    id: string;
    stream_id: string;
    version: number;
    position: string;
    settled: boolean;
  }>(
    `SELECT id, stream_id, version, position,
       coalesce(published_at < clock_timestamp() - ${SETTLED}, false) AS settled
     FROM events WHERE position > $1 ORDER BY position LIMIT ${LOG_PAGE}`,
    [after],
  );
  return rows.map((row) => ({
    position: Number(row.position),
    id: toId('evt', row.id),
    streamId: row.stream_id,
    version: row.version,
    settled: row.settled,
  }));
}
