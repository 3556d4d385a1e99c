import type { Mode } from '@flotilla/contracts/actor';
import type { Transaction } from '@flotilla/runtime/database';
import type { Reservation, ReservationState, ReservedLine } from '../domain/reservation.js';

interface ReservationRow {
  order_id: string;
  request_hash: string | null;
  state: ReservationState;
  expires_at: Date | null;
  lines: ReservedLine[];
}

/** Another process has written a reservation under one of the ids since they were read. */
export class OrderIdTaken extends Error {
  constructor() {
    super('another process holds stock under the same order id');
    this.name = 'OrderIdTaken';
  }
}

/** The reservations under these order ids, tombstones too. */
export async function readReservations(
  tx: Transaction,
  orderIds: readonly string[],
): Promise<Reservation[]> {
  const rows = await tx.rows<ReservationRow>(
    `SELECT order_id, encode(request_hash, 'hex') AS request_hash, state, expires_at,
       coalesce((
         SELECT json_agg(json_build_object(
           'productId', product_id, 'sku', sku, 'name', name, 'quantity', quantity,
           'unitPrice', json_build_object('amount', unit_price_amount, 'currency', unit_price_currency)
         ) ORDER BY position)
         FROM reservation_lines line WHERE line.order_id = reservations.order_id
       ), '[]') AS lines
     FROM reservations WHERE order_id = ANY($1::uuid[])`,
    [orderIds],
  );
  return rows.map((row) => ({
    orderId: row.order_id,
    requestHash: row.request_hash,
    state: row.state,
    expiresAt: row.expires_at,
    lines: row.lines,
  }));
}

/**
 * Writes new holds with their lines, in one statement, by ascending order id so that no two batches wait for each other.
 * @throws OrderIdTaken, and then the transaction must not be committed
 */
export async function insertReservations(
  tx: Transaction,
  holds: readonly (Reservation & { mode: Mode })[],
): Promise<void> {
  const lines = holds.flatMap((hold) =>
    hold.lines.map((line, position) => ({ ...line, orderId: hold.orderId, position })),
  );
  const inserted = await tx.rows(
    `WITH held AS (
       INSERT INTO reservations (order_id, mode, request_hash, state, expires_at)
       SELECT order_id, mode, decode(request_hash, 'hex'), 'held', expires_at
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])
         AS hold(order_id, mode, request_hash, expires_at)
       ORDER BY order_id
       ON CONFLICT (order_id) DO NOTHING
       RETURNING order_id
     ), lines AS (
       INSERT INTO reservation_lines
         (order_id, position, product_id, sku, name, quantity, unit_price_amount, unit_price_currency, taking)
       SELECT order_id, position, product_id, sku, name, quantity, amount, currency, quantity
       FROM unnest($5::uuid[], $6::int[], $7::uuid[], $8::text[], $9::text[], $10::int[], $11::bigint[], $12::text[])
         AS line(order_id, position, product_id, sku, name, quantity, amount, currency)
       JOIN held USING (order_id)
     )
     SELECT order_id FROM held`,
    [
      holds.map(({ orderId }) => orderId),
      holds.map(({ mode }) => mode),
      holds.map(({ requestHash }) => requestHash),
      holds.map(({ expiresAt }) => expiresAt),
      lines.map(({ orderId }) => orderId),
      lines.map(({ position }) => position),
      lines.map(({ productId }) => productId),
      lines.map(({ sku }) => sku),
      lines.map(({ name }) => name),
      lines.map(({ quantity }) => quantity),
      lines.map(({ unitPrice }) => unitPrice.amount),
      lines.map(({ unitPrice }) => unitPrice.currency),
    ],
  );
  if (inserted.length < holds.length) throw new OrderIdTaken();
}
