import type { Mode } from '@flotilla/contracts/actor';
import { AppError, notFound } from '@flotilla/contracts/errors';
import type { EventEnvelope } from '@flotilla/contracts/events';
import { deriveUuid, type Id, toId } from '@flotilla/contracts/ids';
import type { FulfillmentStatus, OrderStatus, PaymentStatus } from '@flotilla/contracts/orders';
import type { LineUnits, OrderEvents } from '@flotilla/contracts/order-events';

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
  /** Minor units of the order's currency: never more than the total. */
  readonly paid: number;
  /** Never more than was paid. */
  readonly refunded: number;
  /** Units of each line that were shipped, in the order of the terms: never more than were ordered. */
  readonly shipped: readonly number[];
  /** Never more than were shipped. */
  readonly returned: readonly number[];
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
    case 'order.paid':
      return { ...after, paid: before.paid + event.data.amount.amount };
    case 'order.refunded':
      return { ...after, refunded: before.refunded + event.data.amount.amount };
    case 'order.fulfilled': {
      const shipped = plus(before, before.shipped, event.data.items);
      const isComplete = before.terms.items.every((item, line) => item.quantity === shipped[line]);
      const shippedOrder = { ...after, shipped };
      return isComplete ? { ...shippedOrder, status: 'completed', expiresAt: null } : shippedOrder;
    }
    case 'order.returned':
      return { ...after, returned: plus(before, before.returned, event.data.items) };
  }
}

/** Units by line, with those of some SKUs added. */
function plus(
  { terms }: Placed,
  units: readonly number[],
  items: readonly LineUnits[],
): readonly number[] {
  const added = new Map(items.map(({ sku, quantity }) => [sku, quantity]));
  return terms.items.map(({ sku }, line) => units[line]! + (added.get(sku) ?? 0));
}

function placed(event: Extract<RecordedOrderEvent, { type: 'order.placed' }>): Order {
  if (!('userId' in event.actor)) throw new Error(`order ${event.subject} was placed by nobody`);
  const { expiresAt } = event.data;
  const order: Placed = {
    id: event.subject as Id<'ord'>,
    version: event.version,
    owner: { userId: event.actor.userId, mode: event.actor.mode },
    terms: event.data,
    paid: 0,
    refunded: 0,
    shipped: event.data.items.map(() => 0),
    returned: event.data.items.map(() => 0),
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

/** `authorized` until all is paid, and `captured` until something is paid back. */
export function paymentStatusOf({ terms, paid, refunded }: PlacedOrderState): PaymentStatus {
  if (paid === 0) return 'none';
  if (refunded > 0) return refunded < paid ? 'partially_refunded' : 'refunded';
  return paid < terms.total.amount ? 'authorized' : 'captured';
}

/** `returned` once every unit that was ordered has come back. */
export function fulfillmentStatusOf(order: PlacedOrderState): FulfillmentStatus {
  const ordered = sum(order.terms.items.map(({ quantity }) => quantity));
  if (sum(order.returned) === ordered) return 'returned';
  const shipped = sum(order.shipped);
  if (shipped === ordered) return 'fulfilled';
  return shipped === 0 ? 'unfulfilled' : 'partial';
}

function sum(units: readonly number[]): number {
  return units.reduce((total, one) => total + one, 0);
}

/** Whether the hold of a pending order has ended, swept or not. */
export function isDue(order: Order, now: Date): boolean {
  return order.status === 'pending' && Date.parse(order.expiresAt) <= now.getTime();
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
  if (fulfillmentStatusOf(current) !== 'unfulfilled') {
    throw illegal('An order of which something was shipped cannot be cancelled.');
  }
  return [{ type: 'order.cancelled', data: { reason } }];
}

/** Ends a pending order whose hold has ended, and gives back what was paid for it; any other stays as it is. */
export function expire(order: Order, now: Date): OrderEvent[] {
  if (!isDue(order, now)) return [];
  const { id, terms, paid, refunded } = placedOrder(order);
  const expired: OrderEvent = { type: 'order.expired', data: {} };
  if (paid === refunded) return [expired];
  const refundId = toId('rfd', deriveUuid(id, 'expired'));
  const amount = { amount: paid - refunded, currency: terms.currency };
  const reason = 'The order expired before it was confirmed.';
  return [expired, { type: 'order.refunded', data: { refundId, amount, reason } }];
}

/** What cannot be done to an order in its state. */
export function illegal(message: string): AppError<'illegal-transition'> {
  return new AppError('illegal-transition', message);
}
