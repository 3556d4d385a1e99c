import type { EventActor } from '@flotilla/contracts/events';
import type { Transaction } from '@flotilla/runtime/database';
import { type Movement, reserve, type TakenUnits } from '../domain/movement.js';
import type { StockLevel } from '../domain/product.js';
import type { HoldTerms, ReservedLine } from '../domain/reservation.js';
import { findProducts } from './find-products.js';
import { recordMovements } from './ledger.js';
import { insertReservations } from './reservation-rows.js';
import { lockStock } from './stock-lock.js';

const REASON = 'sold before the stock was restored from a backup';

/** See `Reservations.restore`. */
export async function restoreHold(
  tx: Transaction,
  orderId: string,
  terms: HoldTerms | null,
  by: EventActor,
): Promise<boolean> {
  const known = await tx.rows('SELECT 1 FROM reservations WHERE order_id = $1', [orderId]);
  const lost = known.length === 0 && terms ? await linesFor(tx, terms) : null;
  const lines = lost ?? (await ranOut(tx, orderId));
  if (lines.length === 0) return false;
  const levels = await lockStock(
    tx,
    lines.map(({ productId }) => productId),
  );
  if (lost && terms) {
    await insertReservations(tx, [{ ...terms, orderId, lines: lost, state: 'held' }]);
  } else await reopen(tx, orderId);
  await recordMovements(
    tx,
    lines.flatMap(({ productId, quantity }) => {
      const units = { orderId, productId, quantity };
      return [...countedIn(units, levels.get(productId)!, by), reserve(units, by)];
    }),
  );
  return true;
}

/** The lines of a hold that ended because its time was up, and for no other reason. */
async function ranOut(
  tx: Transaction,
  orderId: string,
): Promise<Pick<ReservedLine, 'productId' | 'quantity'>[]> {
  return tx.rows(
    `SELECT product_id AS "productId", quantity FROM reservations JOIN reservation_lines USING (order_id)
     WHERE order_id = $1 AND state = 'released' AND expires_at <= clock_timestamp() ORDER BY position`,
    [orderId],
  );
}

/** Null when a product is gone. */
async function linesFor(
  tx: Transaction,
  { mode, lines }: HoldTerms,
): Promise<ReservedLine[] | null> {
  const products = await findProducts(
    tx,
    lines.map(({ sku }) => ({ mode, sku })),
  );
  const ids = new Map(products.map(({ id, sku }) => [sku.toLowerCase(), id]));
  const found = lines.flatMap((line) => {
    const productId = ids.get(line.sku.toLowerCase());
    return productId === undefined ? [] : [{ ...line, productId }];
  });
  return found.length === lines.length ? found : null;
}

async function reopen(tx: Transaction, orderId: string): Promise<void> {
  await tx.rows("UPDATE reservations SET state = 'held', expires_at = NULL WHERE order_id = $1", [
    orderId,
  ]);
  await tx.rows('UPDATE reservation_lines SET taking = quantity WHERE order_id = $1', [orderId]);
}

/** The stock as it is known may lack what had come in since the backup. */
function countedIn(
  { productId, quantity }: TakenUnits,
  { onHand, reserved }: StockLevel,
  by: EventActor,
): Movement[] {
  const missing = quantity - (onHand - reserved);
  if (missing <= 0) return [];
  return [
    { type: 'adjustment', productId, onHandDelta: missing, reservedDelta: 0, reason: REASON, by },
  ];
}
