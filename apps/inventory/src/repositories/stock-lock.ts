import type { Transaction } from '@flotilla/runtime/database';
import { release, type TakenUnits } from '../domain/movement.js';
import type { StockLevel } from '../domain/product.js';
import { recordMovements } from './ledger.js';

const EXPIRY = { system: 'hold-expiry' };

/** Holds given back by one statement: few enough for it to end in time, however many have expired at once. */
const STEP = 500;

interface LockedRow {
  product_id: string;
  on_hand: number;
  available: number;
  version: number;
  expired: string[] | null;
}

/** A level with its version as it was when it was locked: before expired holds were given back to it. */
export interface LockedLevel extends StockLevel {
  readonly version: number;
}

/**
 * Locks the stock of products until the transaction ends and gives back to it what expired holds still take, whether
 * or not a sweeper has run. Answers the levels by product id.
 *
 * An expired hold may take other products too, which are then locked with these: every transaction locks all it needs
 * here, once, by ascending product id, so no two wait for each other.
 */
export async function lockStock(
  tx: Transaction,
  productIds: readonly string[],
): Promise<Map<string, LockedLevel>> {
  const rows = await tx.rows<LockedRow>(
    `WITH expired AS MATERIALIZED (
       SELECT order_id FROM expired_holds JOIN reservation_lines USING (order_id)
       WHERE product_id = ANY($1::uuid[]) AND taking > 0
     )
     SELECT product_id, on_hand, available, version, (SELECT array_agg(DISTINCT order_id) FROM expired) AS expired
     FROM stock
     WHERE product_id IN (
       SELECT unnest($1::uuid[])
       UNION SELECT product_id FROM reservation_lines WHERE order_id IN (SELECT order_id FROM expired)
     )
     ORDER BY product_id FOR UPDATE OF stock`,
    [productIds],
  );
  const levels = new Map<string, LockedLevel>(
    rows.map((row) => [
      row.product_id,
      { onHand: row.on_hand, reserved: row.on_hand - row.available, version: row.version },
    ]),
  );
  const expired = rows[0]?.expired ?? [];
  for (let from = 0; from < expired.length; from += STEP) {
    const freed = await closeReservations(tx, expired.slice(from, from + STEP), 'expired only');
    await recordMovements(
      tx,
      freed.map((units) => release(units, EXPIRY, 'expired')),
    );
    for (const { productId, quantity } of freed) {
      const level = levels.get(productId)!;
      levels.set(productId, { ...level, reserved: level.reserved - quantity });
    }
  }
  return levels;
}

/**
 * Turns reservations into tombstones and answers the units they took, which the caller returns to the ledger. The stock
 * of all their lines must be locked. What is already released, or meanwhile no longer `expired only`, stays as it is.
 */
export async function closeReservations(
  tx: Transaction,
  orderIds: readonly string[],
  which: 'all' | 'expired only',
): Promise<TakenUnits[]> {
  const rows = await tx.rows<{ order_id: string; product_id: string; taking: number }>(
    `WITH closed AS (
       UPDATE reservations SET state = 'released', confirm_by = NULL
       WHERE order_id = ANY($1::uuid[]) AND state <> 'released'
         AND ($2 OR (state = 'held' AND expires_at <= clock_timestamp()))
       RETURNING order_id
     ), taken AS (
       SELECT order_id, product_id, taking FROM reservation_lines JOIN closed USING (order_id)
       WHERE taking > 0
     ), emptied AS (
       UPDATE reservation_lines line SET taking = 0 FROM taken
       WHERE line.order_id = taken.order_id AND line.product_id = taken.product_id
     )
     SELECT order_id, product_id, taking FROM taken`,
    [orderIds, which === 'all'],
  );
  return rows.map((row) => ({
    orderId: row.order_id,
    productId: row.product_id,
    quantity: row.taking,
  }));
}
