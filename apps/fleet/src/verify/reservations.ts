import { RESERVATIONS } from './consumers.js';
import { FOLDED_ORDERS } from './order-read-model.js';
import { type Page, pagesOf } from './pages.js';
import { contained, type Findings, type Violation } from './report.js';
import {
  GRACE_SECONDS,
  judgeReservation,
  type KeptReservation,
  type ToldOrder,
} from './reservation-verdict.js';
import type { Snapshot } from './snapshots.js';
import { instant, numberIn } from './sql.js';

/** Inventory is looked at a moment after orders, and a hold that ends in between is released there. */
const BETWEEN_SNAPSHOTS = "interval '5 seconds'";
const GRACE = `interval '${GRACE_SECONDS} seconds'`;

/** Every order and the reservation under its id, in both databases. */
export async function verifyReservations(orders: Snapshot, inventory: Snapshot): Promise<Findings> {
  const check = {
    invariant: 'reservation-follows-order',
    service: inventory.service,
    table: 'reservations',
  };
  const violations = await contained(check, async () => {
    const found: Violation[] = [];
    for await (const page of pagesOf(
      orders,
      'SELECT stream_id AS id FROM events WHERE version = 1',
    )) {
      const told = await readOrders(orders, page);
      const kept = await readReservations(inventory, page);
      for (const id of new Set([...told.keys(), ...kept.keys()])) {
        const detail = judgeReservation(told.get(id), kept.get(id));
        if (detail !== null) found.push({ ...check, id, detail });
      }
    }
    return found;
  });
  return { checked: { reservations: await inventory.count('reservations') }, violations };
}

async function readOrders(orders: Snapshot, page: Page): Promise<Map<string, ToldOrder>> {
  const rows = await orders.rows<ToldOrder & { id: string }>(
    `SELECT id, version, history, shipped, placed->>'expiresAt' AS "expiresAt",
       coalesce(placed->>'expiresAt' <= ${instant(`now() + ${BETWEEN_SNAPSHOTS}`)} COLLATE "C", false) AS "isDue",
       coalesce(placed->>'expiresAt' <= ${instant(`now() - ${GRACE}`)} COLLATE "C", false) AS "isOverdue",
       CASE WHEN lines IS NOT NULL THEN jsonb_build_object(
         'mode', placed_by->'mode', 'request_hash', placed->'requestHash') || lines END AS terms
     FROM ${FOLDED_ORDERS} AS folded
     CROSS JOIN LATERAL (
       SELECT coalesce(json_agg(json_build_array(version, CASE type
         WHEN 'order.placed' THEN payload->>'status'
         ELSE split_part(type, '.', 2) END) ORDER BY version), '[]') AS history
       FROM events WHERE stream_id = folded.id
         AND type IN ('order.placed', 'order.confirmed', 'order.cancelled', 'order.expired', 'order.voided')) AS told
     CROSS JOIN LATERAL (
       SELECT jsonb_object_agg('line ' || nth, jsonb_build_object(
         'sku', item->'sku', 'name', item->'name', 'quantity', item->'quantity', 'unit_price', item->'unitPrice')) AS lines
       FROM jsonb_path_query(placed, 'lax $.items[*]') WITH ORDINALITY AS items(item, nth)) AS items
     CROSS JOIN LATERAL (
       SELECT coalesce(jsonb_object_agg(sku, units), '{}') AS shipped FROM (
         SELECT item->>'sku' AS sku, sum(${numberIn('item', '$.quantity')}) AS units
         FROM events CROSS JOIN LATERAL jsonb_path_query(payload, 'lax $.items[*]') AS item
         WHERE stream_id = folded.id AND type = 'order.fulfilled' AND item->>'sku' IS NOT NULL
         GROUP BY item->>'sku') AS each) AS left_for_customer
     WHERE id > $1 AND id <= $2`,
    page,
  );
  return new Map(rows.map(({ id, ...order }) => [id, order]));
}

async function readReservations(
  inventory: Snapshot,
  page: Page,
): Promise<Map<string, KeptReservation>> {
  const rows = await inventory.rows<KeptReservation & { id: string }>(
    `SELECT order_id AS id, state, coalesce(shipped, '{}') AS shipped, ended_at IS NOT NULL AS "hasEnded", ${instant('expires_at')} AS "expiresAt",
       CASE WHEN lines IS NOT NULL THEN jsonb_build_object(
         'mode', mode, 'request_hash', encode(request_hash, 'hex')) || lines END AS terms,
       coalesce((SELECT max(version) FROM inbox
         WHERE consumer = $3 AND stream_id = order_id), 0) AS applied,
       extract(epoch FROM now() - held_at)::float8 AS "heldSeconds"
     FROM reservations
     CROSS JOIN LATERAL (
       SELECT jsonb_object_agg('line ' || position + 1, jsonb_build_object(
         'sku', sku, 'name', name, 'quantity', quantity, 'unit_price', jsonb_build_object(
           'amount', unit_price_amount, 'currency', unit_price_currency))) AS lines,
         jsonb_object_agg(sku, quantity - taking) FILTER (WHERE quantity > taking) AS shipped
       FROM reservation_lines WHERE reservation_lines.order_id = reservations.order_id) AS listed
     WHERE order_id > $1 AND order_id <= $2`,
    [...page, RESERVATIONS.name],
  );
  return new Map(rows.map(({ id, ...reservation }) => [id, reservation]));
}
