import type { Actor } from '@flotilla/contracts/actor';
import { eventActor } from '@flotilla/contracts/events';
import type { OrderAnswer } from '@flotilla/contracts/orders';
import type { ChangeOnceRequest } from '@flotilla/contracts/order-changes';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { answerTo, type Attempt, attemptOf } from '../domain/attempt.js';
import { orderFor } from '../domain/order-access.js';
import { asOf, orderView } from '../domain/order-view.js';
import { checkText } from '../domain/order-wish.js';
import { type OrderEvent, placedOrder, type PlacedOrderState } from '../domain/order.js';
import { Orders } from './ports.js';

/** What a change decides about an order, at a moment. */
export type Change = (order: PlacedOrderState, attempt: Attempt, now: Date) => OrderEvent[];

/** Changes an order once per user and key; a retry is answered as the first request was. */
@Injectable()
export class ChangeOnce {
  constructor(
    private readonly orders: Orders,
    private readonly clock: Clock,
  ) {}

  /** Throws what `change` throws, and AppError `not-found`, `idempotency-key-reuse`, `validation-failed`. */
  async execute(
    actor: Actor,
    operation: string,
    request: ChangeOnceRequest & { body: object },
    change: Change,
  ): Promise<OrderAnswer> {
    checkText(request.body, '');
    const attempt = attemptOf(actor, request, operation, request.body);
    const at = this.clock.now();
    let answer: PlacedOrderState | undefined;
    const order = await this.orders.update(
      request.orderId,
      (current, history) => {
        const visible = orderFor(actor, current);
        answer = answerTo(attempt, history);
        return answer ? [] : change(visible, attempt, at);
      },
      { at, actor: eventActor(actor) },
    );
    const changed = answer ?? placedOrder(order);
    // By the time of the change, not of this answer: a retry is to say the same.
    return {
      order: asOf(orderView(changed), new Date(changed.updatedAt)),
      replayed: answer !== undefined,
    };
  }
}
