import { differences, type Document, show } from './differences.js';
import { type Page, pagesOf } from './pages.js';
import { contained, MOST_PER_RULE, type Violation } from './report.js';
import type { Snapshot } from './snapshots.js';

/** Two statements that give an `id` and a `document` (jsonb): of rows as something else tells them, and as they are kept. */
export interface Comparison {
  invariant: string;
  table: string;
  told: string;
  kept: string;
}

/** A comparison of two databases; `source` is the table that tells. */
export interface CrossComparison extends Comparison {
  source: string;
  /** A statement of ids of the teller that are not compared: the keeper may not have heard yet that they are erased. */
  erased: string;
}

interface Pair {
  id: string;
  told: Document | null;
  kept: Document | null;
}

/** The rows of a database that are not what its other tables tell of them, missing ones and those too many included. */
export function compareWithin(
  snapshot: Snapshot,
  { invariant, table, told, kept }: Comparison,
): Promise<Violation[]> {
  const check = { invariant, service: snapshot.service, table };
  return contained(check, async () => {
    const pairs = await snapshot.rows<Pair>(
      `SELECT id, told.document AS told, kept.document AS kept
       FROM (${told}) AS told FULL JOIN (${kept}) AS kept USING (id)
       WHERE told.document IS DISTINCT FROM kept.document ORDER BY id LIMIT ${MOST_PER_RULE}`,
    );
    return pairs.map((pair) => ({ ...check, id: pair.id, detail: detailOf(pair) }));
  });
}

/**
 * The rows that another service keeps of what one tells, where they differ, and those that nothing tells of. One that is not
 * kept yet may be on its way, so it is none of these. The snapshot of who keeps must be the older one.
 */
export function compareAcross(
  teller: Snapshot,
  keeper: Snapshot,
  comparison: CrossComparison,
): Promise<Violation[]> {
  const { invariant, table, source, told, kept } = comparison;
  const check = { invariant, service: keeper.service, table };
  return contained(check, async () => {
    const violations: Violation[] = [];
    for await (const page of pagesOf(teller, told)) {
      const expected = await digests(teller, told, page);
      const found = await digests(keeper, kept, page);
      const erased = await idsOf(teller, comparison.erased, page);
      const ids = [...found.keys()].filter(
        (id) => found.get(id) !== expected.get(id) && !erased.has(id),
      );
      const room = MOST_PER_RULE - violations.length;
      for (const pair of await pairsOf(teller, keeper, comparison, ids.slice(0, room))) {
        const detail = detailOf(pair);
        violations.push(
          pair.told
            ? { ...check, id: pair.id, detail }
            : {
                invariant,
                service: teller.service,
                table: source,
                id: pair.id,
                detail: `${keeper.service}.${table}: ${detail}`,
              },
        );
      }
    }
    return violations;
  });
}

/** Of each row in a page an MD5: enough to see that two differ by accident or by hand, and small. */
async function digests(snapshot: Snapshot, sql: string, page: Page): Promise<Map<string, string>> {
  const rows = await snapshot.rows<{ id: string; digest: string }>(
    `SELECT id, md5(document::text) AS digest FROM (${sql}) AS one WHERE id > $1 AND id <= $2`,
    page,
  );
  return new Map(rows.map(({ id, digest }) => [id, digest]));
}

async function idsOf(snapshot: Snapshot, sql: string, page: Page): Promise<Set<string>> {
  const rows = await snapshot.rows<{ id: string }>(
    `SELECT id FROM (${sql}) AS one WHERE id > $1 AND id <= $2`,
    page,
  );
  return new Set(rows.map(({ id }) => id));
}

async function pairsOf(
  teller: Snapshot,
  keeper: Snapshot,
  { told, kept }: Comparison,
  ids: readonly string[],
): Promise<Pair[]> {
  if (ids.length === 0) return [];
  const [expected, found] = [
    await documents(teller, told, ids),
    await documents(keeper, kept, ids),
  ];
  return ids.map((id) => ({ id, told: expected.get(id) ?? null, kept: found.get(id) ?? null }));
}

async function documents(
  snapshot: Snapshot,
  sql: string,
  ids: readonly string[],
): Promise<Map<string, Document>> {
  const rows = await snapshot.rows<{ id: string; document: Document }>(
    `SELECT id, document FROM (${sql}) AS one WHERE id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map(({ id, document }) => [id, document]));
}

function detailOf({ told, kept }: Pair): string {
  if (!kept) return `there is no row; expected ${show(told)}`;
  if (!told) return `nothing tells of this row; found ${show(kept)}`;
  return differences(told, kept) ?? 'numbers differ beyond 2^53';
}
