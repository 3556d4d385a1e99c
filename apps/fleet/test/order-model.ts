import type { Id } from '@flotilla/contracts/ids';

/** What an order is supposed to be, told by the contract alone; a unit costs 100. */
export interface ModelOrder {
  id: Id<'ord'>;
  key: string;
  quantity: number;
  holdMinutes: number | undefined;
  /** As it was first answered. */
  first: unknown;
  status: 'pending' | 'confirmed' | 'completed' | 'cancelled' | 'expired';
  paid: number;
  refunded: number;
  shipped: number;
  returned: number;
}

/** One product and the orders for it. */
export interface Model {
  sku: string;
  onHand: number;
  orders: ModelOrder[];
}

/** Carries a change out, or says which code it is refused with. */
export type ModelChange = (order: ModelOrder, amount: number) => string | undefined;

export function freeUnits({ onHand, orders }: Model): number {
  const taken = orders.filter(({ status }) => status !== 'cancelled' && status !== 'expired');
  return onHand - taken.reduce((sum, { quantity }) => sum + quantity, 0);
}

export function statusesOf({
  status,
  quantity,
  paid,
  refunded,
  shipped,
  returned,
}: ModelOrder): object {
  return {
    status,
    paymentStatus:
      paid === 0
        ? 'none'
        : refunded === paid
          ? 'refunded'
          : refunded > 0
            ? 'partially_refunded'
            : paid === quantity * 100
              ? 'captured'
              : 'authorized',
    fulfillmentStatus:
      returned === quantity
        ? 'returned'
        : shipped === quantity
          ? 'fulfilled'
          : shipped > 0
            ? 'partial'
            : 'unfulfilled',
  };
}

const isOver = ({ status }: ModelOrder) => status === 'cancelled' || status === 'expired';
const isSold = ({ status }: ModelOrder) => status === 'confirmed' || status === 'completed';

export const confirm: ModelChange = (order) => {
  if (order.status === 'expired') return 'hold-expired';
  if (order.status === 'cancelled') return 'illegal-transition';
  if (order.status === 'pending') order.status = 'confirmed';
  return undefined;
};

export const cancel: ModelChange = (order) => {
  if (order.status === 'expired' || order.shipped > 0) return 'illegal-transition';
  order.status = 'cancelled';
  return undefined;
};

export const pay: ModelChange = (order, amount) => {
  if (order.paid + amount > order.quantity * 100) return 'amount-exceeded';
  order.paid += amount;
  if (isOver(order)) order.refunded += amount;
  return undefined;
};

export const refund: ModelChange = (order, amount) => {
  if (order.refunded + amount > order.paid) return 'amount-exceeded';
  order.refunded += amount;
  return undefined;
};

export const ship: ModelChange = (order, units) => {
  if (!isSold(order)) return 'illegal-transition';
  if (order.shipped + units > order.quantity) return 'quantity-exceeded';
  order.shipped += units;
  if (order.shipped === order.quantity) order.status = 'completed';
  return undefined;
};

export const takeBack: ModelChange = (order, units) => {
  if (!isSold(order)) return 'illegal-transition';
  if (order.returned + units > order.shipped) return 'quantity-exceeded';
  order.returned += units;
  return undefined;
};

/** The end of every hold: what was paid for it goes back. */
export function expireAll({ orders }: Model): void {
  for (const order of orders.filter(({ status }) => status === 'pending')) {
    order.status = 'expired';
    order.refunded = order.paid;
  }
}
