import type { EventEnvelope } from '@flotilla/contracts/events';
import type { OrderFate, OrderStatus } from '@flotilla/contracts/orders';
import type { OrderEvents } from '@flotilla/contracts/order-events';
import type { HoldTerms } from './reservation.js';

/**
 * What orders decided, as far as the stock of the order is concerned: it goes on being held for a time (`pending`),
 * is sold (`confirmed`), or is free again (`ended`; `voided` when the order never was).
 */
export type StockFate = 'pending' | 'confirmed' | 'ended' | 'voided';

const BY_STATUS: Record<OrderStatus, StockFate> = {
  pending: 'pending',
  confirmed: 'confirmed',
  completed: 'confirmed',
  cancelled: 'ended',
  expired: 'ended',
};

/** What an answer to "what became of this order?" means for its stock. */
export function fateOfOrder(answer: OrderFate): StockFate {
  return answer.fate === 'voided' ? 'voided' : BY_STATUS[answer.status];
}

/** What an event of an order means for its stock; null for one that means nothing to it. */
export function fateOfEvent(event: { type: string; data: unknown }): StockFate | null {
  switch (event.type as keyof OrderEvents) {
    case 'order.placed':
      return BY_STATUS[(event.data as OrderEvents['order.placed']).status];
    case 'order.confirmed':
      return 'confirmed';
    case 'order.cancelled':
    case 'order.expired':
      return 'ended';
    case 'order.voided':
      return 'voided';
    case 'order.paid':
    case 'order.refunded':
    case 'order.fulfilled':
    case 'order.returned':
    default:
      return null;
  }
}

/** What an order was placed on, as its first event tells it; null in any other event. */
export function termsOfEvent({ type, actor, data }: EventEnvelope): HoldTerms | null {
  if (type !== 'order.placed' || !('mode' in actor)) return null;
  const { requestHash, items, expiresAt } = data as OrderEvents['order.placed'];
  return {
    mode: actor.mode,
    requestHash,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    lines: items.map(({ sku, name, quantity, unitPrice }) => ({ sku, name, quantity, unitPrice })),
  };
}
