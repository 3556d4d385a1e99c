import { FOLDED_ORDERS } from './order-read-model.js';
import type { Findings, Violation } from './report.js';
import { judgeReservation, type KeptReservation, type ToldOrder } from './reservation-verdict.js';
import type { Snapshot } from './snapshots.js';

/** The consumer of order events in inventory. */
export const INVENTORY_CONSUMER = 'inventory-reservations';

/** Order ids compared at a time, so that any number of them fits in memory. */
const PAGE = 5_000;
const FIRST_UUID = '00000000-0000-0000-0000-000000000000';

/** Every order and the reservation under its id, in both databases. */
export async function verifyReservations(orders: Snapshot, inventory: Snapshot): Promise<Findings> {
  const violations: Violation[] = [];
  let reservations = 0;
  for (let after: string | null = FIRST_UUID; after !== null;) {
    const upTo: string | null = await endOfPage(orders, after);
    const told = await readOrders(orders, after, upTo);
    const kept = await readReservations(inventory, after, upTo);
    reservations += kept.size;
    for (const id of new Set([...told.keys(), ...kept.keys()])) {
      const detail = judgeReservation(told.get(id), kept.get(id));
      if (detail === null) continue;
      const invariant = 'reservation-follows-order';
      violations.push({ invariant, service: 'inventory', table: 'reservations', id, detail });
    }
    after = upTo;
  }
  return { checked: { reservations }, violations };
}

/** The last id of the page after an id; null when there is no further page. */
async function endOfPage(orders: Snapshot, after: string): Promise<string | null> {
  const [row] = await orders.rows<{ id: string }>(
    `SELECT stream_id AS id FROM events WHERE version = 1 AND stream_id > $1
     ORDER BY stream_id OFFSET ${PAGE - 1} LIMIT 1`,
    [after],
  );
  return row?.id ?? null;
}

async function readOrders(
  orders: Snapshot,
  after: string,
  upTo: string | null,
): Promise<Map<string, ToldOrder>> {
  const rows = await orders.rows<ToldOrder & { id: string }>(
    `SELECT id, history, lines, coalesce((placed->>'expiresAt')::timestamptz <= now(), false) AS "isDue"
     FROM ${FOLDED_ORDERS} AS folded
     CROSS JOIN LATERAL (
       SELECT json_agg(json_build_array(version, CASE type
         WHEN 'order.placed' THEN payload->>'status'
         ELSE split_part(type, '.', 2) END) ORDER BY version) AS history
       FROM events WHERE stream_id = folded.id
         AND type IN ('order.placed', 'order.confirmed', 'order.cancelled', 'order.expired', 'order.voided')) AS told
     CROSS JOIN LATERAL (
       SELECT string_agg(format('%s × %s at %s', item->>'quantity', item->>'sku', item->'unitPrice'->>'amount'),
         ', ' ORDER BY (item->>'sku') COLLATE "C") AS lines
       FROM jsonb_array_elements(placed->'items') AS item) AS items
     WHERE id > $1 AND ($2::uuid IS NULL OR id <= $2)`,
    [after, upTo],
  );
  return new Map(rows.map(({ id, ...order }) => [id, order]));
}

async function readReservations(
  inventory: Snapshot,
  after: string,
  upTo: string | null,
): Promise<Map<string, KeptReservation>> {
  const rows = await inventory.rows<KeptReservation & { id: string }>(
    `SELECT order_id AS id, state, lines,
       coalesce((SELECT max(version) FROM inbox
         WHERE consumer = $3 AND stream_id = order_id), 0) AS applied,
       extract(epoch FROM now() - held_at)::float8 AS "heldSeconds",
       extract(epoch FROM now() - decided_at)::float8 AS "decidedSeconds"
     FROM reservations
     CROSS JOIN LATERAL (
       SELECT string_agg(format('%s × %s at %s', quantity, sku, unit_price_amount),
         ', ' ORDER BY sku COLLATE "C") AS lines
       FROM reservation_lines WHERE reservation_lines.order_id = reservations.order_id) AS listed
     WHERE order_id > $1 AND ($2::uuid IS NULL OR order_id <= $2)`,
    [after, upTo, INVENTORY_CONSUMER],
  );
  return new Map(rows.map(({ id, ...reservation }) => [id, reservation]));
}
