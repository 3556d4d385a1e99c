import type { Actor } from '@flotilla/contracts/actor';
import { notFound } from '@flotilla/contracts/errors';
import { type Order, placedOrder, type PlacedOrderState } from './order.js';

/** Whether the actor may see and change the orders of every user, in the actor's own mode. */
export function seesAllOrders(actor: Actor): boolean {
  return actor.permissions.includes('orders:admin');
}

/**
 * The order, for those who may see it.
 * @throws AppError `not-found` for one of another user or mode, as for one that was never placed
 */
export function orderFor(actor: Actor, order: Order): PlacedOrderState {
  const { owner, ...rest } = placedOrder(order);
  const mine = owner.userId === actor.userId || seesAllOrders(actor);
  if (!mine || owner.mode !== actor.mode) throw notFound('order');
  return { owner, ...rest };
}
