import type { Actor } from '@flotilla/contracts/actor';
import { eventActor } from '@flotilla/contracts/events';
import type { CancelOrderRequest, OrderView } from '@flotilla/contracts/orders';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { cancel, placedOrder } from '../domain/order.js';
import { orderFor } from '../domain/order-access.js';
import { orderView } from '../domain/order-view.js';
import { checkText } from '../domain/order-wish.js';
import { Orders } from './ports.js';

/** Cancels an order; inventory gives its stock back when it hears of it. */
@Injectable()
export class CancelOrder {
  constructor(
    private readonly orders: Orders,
    private readonly clock: Clock,
  ) {}

  /** Throws AppError `not-found`, `illegal-transition`, `validation-failed`. */
  async execute(actor: Actor, { orderId, reason }: CancelOrderRequest): Promise<OrderView> {
    checkText(reason, '/reason');
    const order = await this.orders.update(
      orderId,
      (current) => cancel(orderFor(actor, current), reason ?? null, this.clock.now()),
      { at: this.clock.now(), actor: eventActor(actor) },
    );
    return orderView(placedOrder(order));
  }
}
