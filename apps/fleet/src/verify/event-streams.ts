import type { Findings } from './report.js';
import type { Rule, Snapshot } from './snapshots.js';

const RULES: readonly Rule[] = [
  {
    invariant: 'versions-without-gaps',
    table: 'events',
    sql: `SELECT stream_id AS id, format('%s events, versions %s to %s', count(*), min(version), max(version)) AS detail
      FROM events GROUP BY stream_id HAVING min(version) <> 1 OR max(version) <> count(*)`,
  },
  {
    invariant: 'inbox-without-gaps',
    table: 'inbox',
    sql: `SELECT stream_id AS id,
        format('%s has applied %s events, versions %s to %s', consumer, count(*), min(version), max(version)) AS detail
      FROM inbox GROUP BY consumer, stream_id HAVING min(version) <> 1 OR max(version) <> count(*)`,
  },
  {
    invariant: 'no-dead-letters',
    table: 'dead_letters',
    sql: `SELECT id, format('%s could not apply %s version %s: %s', consumer, event->>'type', version, reason) AS detail
      FROM dead_letters WHERE failed_at IS NOT NULL AND replayed_at IS NULL`,
  },
];

/** The streams, inbox and dead letters of one service. */
export async function verifyEventStreams(snapshot: Snapshot): Promise<Findings> {
  return {
    checked: {
      events: await snapshot.count('events'),
      deadLetters: await snapshot.count('dead_letters WHERE failed_at IS NOT NULL'),
    },
    violations: await snapshot.violations(RULES),
  };
}
