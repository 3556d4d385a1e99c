import { type Consumer, CONSUMERS, PRODUCERS } from './consumers.js';
import { pagesOf } from './pages.js';
import { contained, type Findings, type Violation } from './report.js';
import type { Rule, Snapshots } from './snapshots.js';

/** What is on its way for so long has been forgotten. */
const PATIENCE = "interval '60 seconds'";

const UNPUBLISHED: Rule = {
  invariant: 'events-are-published',
  table: 'events',
  sql: `SELECT id, format('%s of %s, version %s, is not published after %s s', type, subject, version,
      round(extract(epoch FROM now() - occurred_at))) AS detail
    FROM events WHERE published_at IS NULL AND occurred_at < now() - ${PATIENCE}`,
};

const PUBLISHED = `SELECT id, stream_id, version, type FROM events WHERE published_at < now() - ${PATIENCE}`;

/** Events reach the broker, and from there their consumers. What is on its way is counted, and fine for a minute. */
export async function verifyDelivery(snapshots: Snapshots): Promise<Findings> {
  const violations: Violation[] = [];
  let unpublishedEvents = 0;
  for (const service of PRODUCERS) {
    const snapshot = snapshots[service];
    unpublishedEvents += await snapshot.count('events WHERE published_at IS NULL');
    violations.push(...(await snapshot.violations([UNPUBLISHED])));
  }
  for (const consumer of CONSUMERS) violations.push(...(await unheard(snapshots, consumer)));
  return { checked: { unpublishedEvents }, violations };
}

interface PublishedEvent {
  id: string;
  stream_id: string;
  version: number;
  type: string;
}

/** Events that a consumer should have applied by now, and has neither applied nor put aside. */
function unheard(snapshots: Snapshots, { name, service, hears }: Consumer): Promise<Violation[]> {
  const check = { invariant: 'published-events-are-heard', service, table: 'inbox' };
  return contained(check, async () => {
    const violations: Violation[] = [];
    for await (const page of pagesOf(snapshots[hears], PUBLISHED)) {
      const events = await snapshots[hears].rows<PublishedEvent>(
        `SELECT * FROM (${PUBLISHED}) AS published WHERE id > $1 AND id <= $2`,
        page,
      );
      const missing = await snapshots[service].rows<{ id: string }>(
        `SELECT id FROM unnest($1::uuid[]) AS published(id)
         WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE consumer = $2 AND event_id = published.id)
           AND NOT EXISTS (SELECT 1 FROM dead_letters WHERE consumer = $2 AND event_id = published.id)`,
        [events.map(({ id }) => id), name],
      );
      const isMissing = new Set(missing.map(({ id }) => id));
      for (const { id, stream_id, version, type } of events) {
        if (!isMissing.has(id)) continue;
        const detail = `${type} of stream ${stream_id}, version ${version}, is published, and ${name} has not applied it`;
        violations.push({ ...check, id, detail });
      }
    }
    return violations;
  });
}
