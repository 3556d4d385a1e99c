import type { StatefulService } from '../services.js';
import type { Findings, Violation } from './report.js';
import { INVENTORY_CONSUMER } from './reservations.js';
import type { Rule, Snapshot, Snapshots } from './snapshots.js';

/** What is on its way for so long has been forgotten. */
const PATIENCE = "interval '60 seconds'";
const PAGE = 10_000;

const UNPUBLISHED: Rule = {
  invariant: 'events-are-published',
  table: 'events',
  sql: `SELECT id, format('%s of %s, version %s, is not published after %s s', type, subject, version,
      round(extract(epoch FROM now() - occurred_at))) AS detail
    FROM events WHERE published_at IS NULL AND occurred_at < now() - ${PATIENCE}`,
};

/** Services that publish events; the others have an empty table. */
const PRODUCERS: readonly StatefulService[] = [
  'identity',
  'users',
  'orders',
  'inventory',
  'api-keys',
];

/** Events reach the broker, and those of orders reach inventory. What is on its way is counted, and fine for a minute. */
export async function verifyDelivery(snapshots: Snapshots): Promise<Findings> {
  const violations: Violation[] = [];
  let unpublishedEvents = 0;
  for (const service of PRODUCERS) {
    const snapshot = snapshots[service];
    unpublishedEvents += await snapshot.count('events WHERE published_at IS NULL');
    violations.push(...(await snapshot.violations([UNPUBLISHED])));
  }
  violations.push(...(await unheardOrderEvents(snapshots.orders, snapshots.inventory)));
  return { checked: { unpublishedEvents }, violations };
}

interface PublishedEvent {
  id: string;
  stream_id: string;
  version: number;
  type: string;
  position: string;
}

/** Order events that inventory should have applied by now, and has neither applied nor put aside. */
async function unheardOrderEvents(orders: Snapshot, inventory: Snapshot): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (let after = '0'; ;) {
    const events = await orders.rows<PublishedEvent>(
      `SELECT id, stream_id, version, type, position FROM events
       WHERE position > $1 AND published_at < now() - ${PATIENCE} ORDER BY position LIMIT ${PAGE}`,
      [after],
    );
    const last = events.at(-1);
    if (!last) return violations;
    after = last.position;
    const missing = await inventory.rows<{ id: string }>(
      `SELECT id FROM unnest($1::uuid[]) AS published(id)
       WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE consumer = $2 AND event_id = published.id)
         AND NOT EXISTS (SELECT 1 FROM dead_letters WHERE consumer = $2 AND event_id = published.id)`,
      [events.map(({ id }) => id), INVENTORY_CONSUMER],
    );
    const unheard = new Set(missing.map(({ id }) => id));
    for (const { id, stream_id, version, type } of events) {
      if (!unheard.has(id)) continue;
      const detail = `${type} of stream ${stream_id}, version ${version}, is published and not applied`;
      violations.push({
        invariant: 'inventory-hears-orders',
        service: 'inventory',
        table: 'inbox',
        id,
        detail,
      });
    }
  }
}
