import { AppError } from '@flotilla/contracts/errors';
import type { StockHold } from '@flotilla/contracts/stock-holds';
import type { OrderItemView } from '@flotilla/contracts/orders';
import { invalid, type OrderWish } from './order-wish.js';
import type { Order, OrderEvent } from './order.js';

/**
 * Whether a request under this id is the one that was already answered.
 * @throws AppError `order-voided`, or `idempotency-key-reuse` when the key was used for something else
 */
export function wasPlacedBy(requestHash: string, order: Order): boolean {
  if (order.status === 'nothing') return false;
  if (order.status === 'voided') throw voided();
  if (order.terms.requestHash !== requestHash) {
    throw new AppError(
      'idempotency-key-reuse',
      'The Idempotency-Key was already used for an order with another content.',
    );
  }
  return true;
}

/**
 * Places an order over stock that is held for it, with the names and prices of the hold.
 * @throws AppError `validation-failed` for currencies that differ or a total beyond exact integers,
 * `order-voided` when the hold is over, and what `wasPlacedBy` throws
 */
export function place(
  order: Order,
  wish: OrderWish,
  hold: StockHold,
  number: string,
  now: Date,
): OrderEvent[] {
  if (wasPlacedBy(wish.requestHash, order)) return [];
  if (hold.expiresAt !== null && Date.parse(hold.expiresAt) <= now.getTime()) throw voided();
  const items = hold.lines.map(
    ({ sku, name, quantity, unitPrice: { amount, currency } }): OrderItemView => ({
      sku,
      name,
      quantity,
      unitPrice: { amount, currency },
      total: { amount: amount * quantity, currency },
    }),
  );
  const { currency, amount } = totalOf(items);
  return [
    {
      type: 'order.placed',
      data: {
        number,
        status: hold.expiresAt === null ? 'confirmed' : 'pending',
        currency,
        items,
        total: { amount, currency },
        shippingAddress: wish.shippingAddress,
        metadata: wish.metadata,
        expiresAt: hold.expiresAt,
        requestHash: wish.requestHash,
      },
    },
  ];
}

function totalOf(items: readonly OrderItemView[]): { amount: number; currency: string } {
  const currency = items[0]!.unitPrice.currency;
  let amount = 0;
  for (const { sku, total } of items) {
    if (total.currency !== currency) {
      throw invalid('/items', 'currency', `${sku} is sold in ${total.currency}, not ${currency}.`);
    }
    amount += total.amount;
    // Nothing is negative, so the sum is inexact as soon as any product in it is.
    if (!Number.isSafeInteger(amount)) {
      throw invalid('/items', 'max', 'The total is larger than any amount that can be counted.');
    }
  }
  return { amount, currency };
}

/** Withdraws an id that nothing was decided about; one that was decided stays as it is. */
export function withdraw(order: Order, reason: string): OrderEvent[] {
  return order.status === 'nothing' ? [{ type: 'order.voided', data: { reason } }] : [];
}

function voided(): AppError<'order-voided'> {
  return new AppError(
    'order-voided',
    'The attempt under this Idempotency-Key was withdrawn; try again under a new key.',
  );
}
