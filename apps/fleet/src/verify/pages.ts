import type { Snapshot } from './snapshots.js';

/** Ids after the first and up to the second. */
export type Page = [after: string, upTo: string];

/** Rows compared at a time, so that any number of them fits in memory. */
const SIZE = 5_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** All ids that there can be, cut where the rows of a statement with an `id` fill a page. */
export async function* pagesOf(snapshot: Snapshot, sql: string): AsyncGenerator<Page> {
  for (let after = FIRST_ID; after !== LAST_ID;) {
    const [last] = await snapshot.rows<{ id: string }>(
      `SELECT id FROM (${sql}) AS one WHERE id > $1 ORDER BY id OFFSET ${SIZE - 1} LIMIT 1`,
      [after],
    );
    const upTo = last?.id ?? LAST_ID;
    yield [after, upTo];
    after = upTo;
  }
}
