import type { StockHold } from '@flotilla/contracts/stock-holds';
import { type ErrorCode, isAppError } from '@flotilla/contracts/errors';
import type { OrderWish } from '../src/domain/order-wish.js';
import {
  NOTHING,
  type Order,
  type OrderEvent,
  type RecordedOrderEvent,
  rehydrate,
} from '../src/domain/order.js';
import { place } from '../src/domain/placing.js';

export const ID = 'ord_01jd8z9f4te2k8rnhz7w3k5m6p';
export const OWNER = { userId: 'usr_01jd8z9f4te2k8rnhz7w3k5m6q', mode: 'live' } as const;
export const NOW = new Date('2026-03-01T12:00:00.000Z');
export const END = '2026-03-01T12:15:00.000Z';
export const BEFORE_END = new Date(Date.parse(END) - 1);
export const AT_END = new Date(END);

export const wish: OrderWish = {
  requestHash: 'a'.repeat(64),
  lines: [{ sku: 'tea', quantity: 3 }],
  itemOfLine: [0],
  holdMinutes: null,
  shippingAddress: null,
  metadata: { gift: true },
};

export function held(options: Partial<StockHold> = {}): StockHold {
  const unitPrice = { amount: 250, currency: 'EUR' };
  const lines = [{ sku: 'TEA', name: 'Tea', quantity: 3, unitPrice }];
  return { orderId: ID, lines, expiresAt: null, ...options };
}

/** These events as a stream has them, written one after the other from noon on, a minute apart. */
export function recorded(...events: OrderEvent[]): RecordedOrderEvent[] {
  return events.map((event, index) => ({
    ...event,
    id: `evt_${index}`,
    version: index + 1,
    subject: ID,
    streamId: '',
    occurredAt: new Date(NOW.getTime() + index * 60_000).toISOString(),
    actor: OWNER,
  }));
}

/** The order after these events. */
export function after(...events: OrderEvent[]): Order {
  return rehydrate(recorded(...events));
}

/** The code that a decision is refused with. */
export function codeOf(decide: () => unknown): ErrorCode | undefined {
  try {
    decide();
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
  return undefined;
}

/** Three units at 2.50 EUR: confirmed, or waiting until the end of its hold. */
export const placed = place(NOTHING, wish, held(), '100001', NOW)[0]!;
export const reserved = place(NOTHING, wish, held({ expiresAt: END }), '100001', NOW)[0]!;
export const confirmed: OrderEvent = { type: 'order.confirmed', data: {} };
export const cancelled: OrderEvent = { type: 'order.cancelled', data: { reason: null } };
export const expired: OrderEvent = { type: 'order.expired', data: {} };
export const voided: OrderEvent = { type: 'order.voided', data: { reason: 'nobody finished it' } };
