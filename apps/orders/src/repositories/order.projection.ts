import { toUuid } from '@flotilla/contracts/ids';
import type { Sql } from '@flotilla/runtime/database';
import type { Order } from '../domain/order.js';

// One statement for any number of lines. What was agreed on never changes, so only the rest is brought up to date.
const WRITE = `
  WITH written AS (
    INSERT INTO orders (
      id, number, user_id, mode, status, payment_status, fulfillment_status, currency,
      total_amount, shipping_address, metadata, expires_at, version, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT (id) DO UPDATE SET
      status = excluded.status,
      payment_status = excluded.payment_status,
      fulfillment_status = excluded.fulfillment_status,
      expires_at = excluded.expires_at,
      version = excluded.version,
      updated_at = excluded.updated_at
  )
  INSERT INTO order_lines (order_id, position, sku, name, quantity, unit_price_amount)
  SELECT $1, position, sku, name, quantity, amount
  FROM unnest($16::text[], $17::text[], $18::integer[], $19::bigint[])
    WITH ORDINALITY AS line (sku, name, quantity, amount, position)
  ON CONFLICT DO NOTHING`;

/** Makes the rows of an order what its stream says; an id under which nothing was placed has none. */
export async function projectOrder(sql: Sql, order: Order): Promise<void> {
  if (order.status === 'nothing' || order.status === 'voided') return;
  const { terms, owner } = order;
  await sql.rows(WRITE, [
    toUuid('ord', order.id),
    terms.number,
    toUuid('usr', owner.userId),
    owner.mode,
    order.status,
    order.paymentStatus,
    order.fulfillmentStatus,
    terms.currency,
    terms.total.amount,
    terms.shippingAddress === null ? null : JSON.stringify(terms.shippingAddress),
    JSON.stringify(terms.metadata),
    order.expiresAt,
    order.version,
    order.createdAt,
    order.updatedAt,
    terms.items.map((item) => item.sku),
    terms.items.map((item) => item.name),
    terms.items.map((item) => item.quantity),
    terms.items.map((item) => item.unitPrice.amount),
  ]);
}
