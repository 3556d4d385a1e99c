import type { Mode } from '@flotilla/contracts/actor';
import { AppError, notFound } from '@flotilla/contracts/errors';
import type { EventEnvelope } from '@flotilla/contracts/events';
import type { Id } from '@flotilla/contracts/ids';
import type { StockHold } from '@flotilla/contracts/inventory';
import type {
  FulfillmentStatus,
  OrderEvents,
  OrderItemView,
  OrderStatus,
  PaymentStatus,
} from '@flotilla/contracts/orders';
import { invalid, type OrderWish } from './order-wish.js';

type EventType = keyof OrderEvents;

/** Something a decision wants written. */
export type OrderEvent = { [T in EventType]: { type: T; data: OrderEvents[T] } }[EventType];
/** The same as it stands in the stream: numbered, dated, with who caused it. */
export type RecordedOrderEvent = {
  [T in EventType]: EventEnvelope<T, OrderEvents[T]>;
}[EventType];

/** Whose order it is. Test mode is a world of its own. */
export interface Owner {
  userId: Id<'usr'>;
  mode: Mode;
}

interface Placed {
  readonly id: Id<'ord'>;
  readonly version: number;
  readonly owner: Owner;
  /** What was agreed when it was placed; it never changes. */
  readonly terms: OrderEvents['order.placed'];
  readonly paymentStatus: PaymentStatus;
  readonly fulfillmentStatus: FulfillmentStatus;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** An order that was placed: only one that waits, or waited in vain, has an end of its hold. */
export type PlacedOrderState = Placed &
  (
    | { readonly status: 'pending' | 'expired'; readonly expiresAt: string }
    | { readonly status: Exclude<OrderStatus, 'pending' | 'expired'>; readonly expiresAt: null }
  );

/** All that an order id can be. */
export type Order =
  | { readonly status: 'nothing'; readonly version: 0 }
  | { readonly status: 'voided'; readonly version: number }
  | PlacedOrderState;

export const NOTHING: Order = { status: 'nothing', version: 0 };

/** The order after one more event of its stream. */
export function evolve(order: Order, event: RecordedOrderEvent): Order {
  if (event.type === 'order.voided') return { status: 'voided', version: event.version };
  if (event.type === 'order.placed') return placed(event);
  const before = placedOrder(order);
  const after = { ...before, version: event.version, updatedAt: event.occurredAt };
  switch (event.type) {
    case 'order.confirmed':
      return { ...after, status: 'confirmed', expiresAt: null };
    case 'order.cancelled':
      return { ...after, status: 'cancelled', expiresAt: null };
    case 'order.expired':
      return { ...after, status: 'expired', expiresAt: before.expiresAt ?? event.occurredAt };
    case 'order.fulfilled':
    case 'order.returned':
      return after;
  }
}

function placed(event: Extract<RecordedOrderEvent, { type: 'order.placed' }>): Order {
  if (!('userId' in event.actor)) throw new Error(`order ${event.subject} was placed by nobody`);
  const { expiresAt } = event.data;
  const order: Placed = {
    id: event.subject as Id<'ord'>,
    version: event.version,
    owner: { userId: event.actor.userId, mode: event.actor.mode },
    terms: event.data,
    paymentStatus: 'none',
    fulfillmentStatus: 'unfulfilled',
    createdAt: event.occurredAt,
    updatedAt: event.occurredAt,
  };
  return expiresAt === null
    ? { ...order, status: 'confirmed', expiresAt }
    : { ...order, status: 'pending', expiresAt };
}

/** An order as all its events have left it. */
export function rehydrate(events: readonly RecordedOrderEvent[]): Order {
  return events.reduce(evolve, NOTHING);
}

/**
 * The order, if it was placed.
 * @throws AppError `not-found`
 */
export function placedOrder(order: Order): PlacedOrderState {
  if (order.status === 'nothing' || order.status === 'voided') throw notFound('order');
  return order;
}

/** Whether the hold of a pending order has ended, swept or not. */
export function isDue(order: Order, now: Date): boolean {
  return order.status === 'pending' && Date.parse(order.expiresAt) <= now.getTime();
}

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

/**
 * Confirms a pending order; repeating it changes nothing.
 * @throws AppError `hold-expired`, `illegal-transition`, `not-found`
 */
export function confirm(order: Order, now: Date): OrderEvent[] {
  const current = placedOrder(order);
  if (current.status === 'expired' || isDue(current, now)) {
    throw new AppError('hold-expired', 'The stock was held until the order expired.');
  }
  if (current.status === 'cancelled') throw illegal('A cancelled order cannot be confirmed.');
  return current.status === 'pending' ? [{ type: 'order.confirmed', data: {} }] : [];
}

/**
 * Cancels an order of which nothing was shipped; repeating it changes nothing.
 * @throws AppError `illegal-transition`, `not-found`
 */
export function cancel(order: Order, reason: string | null, now: Date): OrderEvent[] {
  const current = placedOrder(order);
  if (current.status === 'cancelled') return [];
  if (current.status === 'expired' || isDue(current, now)) {
    throw illegal('An expired order cannot be cancelled.');
  }
  if (current.fulfillmentStatus !== 'unfulfilled' || current.status === 'completed') {
    throw illegal('An order of which something was shipped cannot be cancelled.');
  }
  return [{ type: 'order.cancelled', data: { reason } }];
}

/** Ends a pending order whose hold has ended; any other stays as it is. */
export function expire(order: Order, now: Date): OrderEvent[] {
  return isDue(order, now) ? [{ type: 'order.expired', data: {} }] : [];
}

function voided(): AppError<'order-voided'> {
  return new AppError(
    'order-voided',
    'The attempt under this Idempotency-Key was withdrawn; try again under a new key.',
  );
}

function illegal(message: string): AppError<'illegal-transition'> {
  return new AppError('illegal-transition', message);
}
