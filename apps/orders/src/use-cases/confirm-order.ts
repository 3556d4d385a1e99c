import type { Actor } from '@flotilla/contracts/actor';
import { isAppError } from '@flotilla/contracts/errors';
import { eventActor } from '@flotilla/contracts/events';
import type { Id } from '@flotilla/contracts/ids';
import type { OrderView } from '@flotilla/contracts/orders';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { confirm, type Order, type OrderEvent, placedOrder } from '../domain/order.js';
import { orderFor } from '../domain/order-access.js';
import { orderView } from '../domain/order-view.js';
import { Orders, StockHolds } from './ports.js';

/** Confirms a pending order, once inventory has made sure of its stock (docs/adr/0002-confirming-a-held-order.md). */
@Injectable()
export class ConfirmOrder {
  constructor(
    private readonly orders: Orders,
    private readonly stock: StockHolds,
    private readonly clock: Clock,
  ) {}

  /** Throws AppError `not-found`, `illegal-transition`, `hold-expired`. */
  async execute(actor: Actor, id: Id<'ord'>): Promise<OrderView> {
    // Inventory tells whether the hold stood until its answer; that it ended since takes nothing back.
    const at = this.clock.now();
    const decide = (order: Order): OrderEvent[] => confirm(orderFor(actor, order), at);
    if (decide(await this.orders.load(id)).length > 0) await this.commitHold(actor, id, decide);
    const order = await this.orders.update(id, decide, { at, actor: eventActor(actor) });
    return orderView(placedOrder(order));
  }

  private async commitHold(
    actor: Actor,
    id: Id<'ord'>,
    decide: (order: Order) => OrderEvent[],
  ): Promise<void> {
    try {
      await this.stock.commit(actor, id);
    } catch (error) {
      // A hold is also over because the order was cancelled meanwhile: then that is the answer.
      if (isAppError(error, 'hold-expired')) decide(await this.orders.load(id));
      throw error;
    }
  }
}
