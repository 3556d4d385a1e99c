import { sortedKeys } from '@flotilla/contracts/canonical-json';
import type { OrderView } from '@flotilla/contracts/orders';
import { fulfillmentStatusOf, paymentStatusOf, type PlacedOrderState } from './order.js';

/** An order as its stream has it. Fields and keys stand in a fixed order: equal orders are equal bytes. */
export function orderView(order: PlacedOrderState): OrderView {
  const { terms } = order;
  return {
    id: order.id,
    number: terms.number,
    status: order.status,
    paymentStatus: paymentStatusOf(order),
    fulfillmentStatus: fulfillmentStatusOf(order),
    currency: terms.currency,
    items: terms.items.map(({ sku, name, quantity, unitPrice, total }) => ({
      sku,
      name,
      quantity,
      unitPrice: { amount: unitPrice.amount, currency: unitPrice.currency },
      total: { amount: total.amount, currency: total.currency },
    })),
    total: { amount: terms.total.amount, currency: terms.total.currency },
    shippingAddress: sortedKeys(terms.shippingAddress) as OrderView['shippingAddress'],
    metadata: sortedKeys(terms.metadata) as OrderView['metadata'],
    expiresAt: order.expiresAt,
    version: order.version,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
  };
}

/** The order as it is at a moment: from the end of its hold on it has expired, before anything wrote so. */
export function asOf(view: OrderView, now: Date): OrderView {
  const due = view.expiresAt !== null && Date.parse(view.expiresAt) <= now.getTime();
  return view.status === 'pending' && due ? { ...view, status: 'expired' } : view;
}
