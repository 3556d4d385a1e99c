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
  /** Of those returned, units that are sold again. */
  restocked: number;
}

/** One product and the orders for it. */
export interface Model {
  sku: string;
  /** All units that were ever brought in by hand. */
  counted: number;
  orders: ModelOrder[];
}

/** Carries a change out, or says which code it is refused with. */
export type ModelChange = (order: ModelOrder, amount: number) => string | undefined;

export function freeUnits({ counted, orders }: Model): number {
  const taken = orders.filter(({ status }) => status !== 'cancelled' && status !== 'expired');
  return counted - taken.reduce((sum, { quantity, restocked }) => sum + quantity - restocked, 0);
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

export const takeBackToSell: ModelChange = (order, units) => {
  const refusal = takeBack(order, units);
  if (refusal === undefined) order.restocked += units;
  return refusal;
};

/** Units that are received, or missing; never below what is reserved. */
export function adjust(model: Model, delta: number): string | undefined {
  if (freeUnits(model) + delta < 0) return 'insufficient-stock';
  model.counted += delta;
  return undefined;
}

/** The end of every hold: what was paid for it goes back. */
export function expireAll({ orders }: Model): void {
  for (const order of orders.filter(({ status }) => status === 'pending')) {
    order.status = 'expired';
    order.refunded = order.paid;
  }
}
