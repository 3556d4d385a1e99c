import { newUuid } from '@flotilla/contracts/ids';
import type { Transaction } from '@flotilla/runtime/database';
import type { Movement } from '../domain/movement.js';

/**
 * Writes movements and changes the levels by them, in one statement. Nothing else changes a level, so that the ledger
 * sums to it. Whoever changes a level has locked it (`lockStock`).
 */
export async function recordMovements(
  tx: Transaction,
  movements: readonly Movement[],
): Promise<void> {
  if (movements.length === 0) return;
  await tx.rows(
    `WITH entries AS (
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::int[], $6::uuid[], $7::text[], $8::jsonb[])
         WITH ORDINALITY AS entry(id, product_id, type, on_hand_delta, reserved_delta, order_id, reason, actor, nth)
     ), sums AS (
       SELECT product_id, sum(on_hand_delta)::int AS on_hand, sum(reserved_delta)::int AS reserved
       FROM entries WHERE (on_hand_delta, reserved_delta) <> (0, 0) GROUP BY product_id
     ), levels AS (
       UPDATE stock
       SET on_hand = stock.on_hand + sums.on_hand,
           available = stock.available + sums.on_hand - sums.reserved,
           version = stock.version + 1
       FROM sums WHERE stock.product_id = sums.product_id
     )
     INSERT INTO movements (id, product_id, type, on_hand_delta, reserved_delta, order_id, reason, actor)
     SELECT id, product_id, type, on_hand_delta, reserved_delta, order_id, reason, actor
     FROM entries ORDER BY nth`,
    [
      movements.map(() => newUuid()),
      movements.map(({ productId }) => productId),
      movements.map(({ type }) => type),
      movements.map(({ onHandDelta }) => onHandDelta),
      movements.map(({ reservedDelta }) => reservedDelta),
      movements.map(({ orderId }) => orderId ?? null),
      movements.map(({ reason }) => reason ?? null),
      movements.map(({ by }) => JSON.stringify(by)),
    ],
  );
}
