import type { Id } from './ids.js';
import type { Money } from './money.js';
import type { OrderItemView, PostalAddress } from './orders.js';

/** Units of a line, by the SKU as the order spells it. */
export interface LineUnits {
  sku: string;
  quantity: number;
}

/** The request that an event answers, to tell a retry from another request under the same key; none asked for some refunds. */
interface Requested {
  requestHash?: string;
}

/** Events of an order, by type. Version 1 is `order.placed` or `order.voided`: whichever was written first. */
export interface OrderEvents {
  'order.placed': {
    number: string;
    status: 'pending' | 'confirmed';
    currency: string;
    items: OrderItemView[];
    total: Money;
    /** Address and metadata are null and empty once the user is erased (`personal-data.ts`). */
    shippingAddress: PostalAddress | null;
    metadata: Record<string, unknown>;
    expiresAt: string | null;
    requestHash: string;
  };
  'order.voided': { reason: string };
  'order.confirmed': Record<string, never>;
  'order.cancelled': { reason: string | null };
  'order.expired': Record<string, never>;
  'order.paid': { paymentId: Id<'pay'>; amount: Money; reference: string } & Requested;
  'order.refunded': { refundId: Id<'rfd'>; amount: Money; reason: string } & Requested;
  'order.fulfilled': {
    fulfillmentId: Id<'ful'>;
    items: LineUnits[];
    trackingNumber: string | null;
  } & Requested;
  'order.returned': { returnId: Id<'ret'>; items: LineUnits[]; restock: boolean } & Requested;
}
