import { toUuid } from '@flotilla/contracts/ids';
import type { Sql } from '@flotilla/runtime/database';
import {
  fulfillmentStatusOf,
  type Order,
  paymentStatusOf,
  type PlacedOrderState,
} from '../domain/order.js';

// One statement for any number of orders and lines. What was agreed on never changes, so only the rest is brought up to
// date; and never back, since a rebuild may run beside the service.
const WRITE = `
  WITH written AS (
    INSERT INTO orders (
      id, number, user_id, mode, status, payment_status, fulfillment_status, currency, total_amount,
      paid_amount, refunded_amount, shipping_address, metadata, expires_at, version, created_at, updated_at)
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS given (
      id uuid, number bigint, user_id uuid, mode text, status text, payment_status text, fulfillment_status text,
      currency text, total_amount bigint, paid_amount bigint, refunded_amount bigint, shipping_address jsonb,
      metadata jsonb, expires_at timestamptz, version integer, created_at timestamptz, updated_at timestamptz)
    ORDER BY id
    ON CONFLICT (id) DO UPDATE SET
      status = excluded.status,
      payment_status = excluded.payment_status,
      fulfillment_status = excluded.fulfillment_status,
      paid_amount = excluded.paid_amount,
      refunded_amount = excluded.refunded_amount,
      expires_at = excluded.expires_at,
      version = excluded.version,
      updated_at = excluded.updated_at
    WHERE orders.version < excluded.version
    RETURNING id
  )
  INSERT INTO order_lines AS line (order_id, position, sku, name, quantity, unit_price_amount, shipped, returned)
  SELECT given.* FROM jsonb_to_recordset($2::jsonb) AS given (
    order_id uuid, position integer, sku text, name text, quantity integer, unit_price_amount bigint,
    shipped integer, returned integer)
  JOIN written ON written.id = given.order_id
  ON CONFLICT (order_id, position) DO UPDATE SET shipped = excluded.shipped, returned = excluded.returned
  WHERE (line.shipped, line.returned) <> (excluded.shipped, excluded.returned)`;

/** Makes the rows of orders what their streams say; an id under which nothing was placed has none. */
export async function projectOrders(sql: Sql, orders: readonly Order[]): Promise<void> {
  const placed = orders.filter((order) => order.status !== 'nothing' && order.status !== 'voided');
  if (placed.length === 0) return;
  await sql.rows(WRITE, [
    JSON.stringify(placed.map(toRow)),
    JSON.stringify(placed.flatMap(toLineRows)),
  ]);
}

function toRow(order: PlacedOrderState): object {
  const { terms, owner } = order;
  return {
    id: toUuid('ord', order.id),
    number: terms.number,
    user_id: toUuid('usr', owner.userId),
    mode: owner.mode,
    status: order.status,
    payment_status: paymentStatusOf(order),
    fulfillment_status: fulfillmentStatusOf(order),
    currency: terms.currency,
    total_amount: terms.total.amount,
    paid_amount: order.paid,
    refunded_amount: order.refunded,
    shipping_address: terms.shippingAddress,
    metadata: terms.metadata,
    expires_at: order.expiresAt,
    version: order.version,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
  };
}

function toLineRows({ id, terms, shipped, returned }: PlacedOrderState): object[] {
  return terms.items.map(({ sku, name, quantity, unitPrice }, line) => ({
    order_id: toUuid('ord', id),
    position: line + 1,
    sku,
    name,
    quantity,
    unit_price_amount: unitPrice.amount,
    shipped: shipped[line],
    returned: returned[line],
  }));
}
