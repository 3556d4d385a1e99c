import type { Actor } from '@flotilla/contracts/actor';
import {
  FulfillOrder as Operation,
  type FulfillOrderRequest,
} from '@flotilla/contracts/order-changes';
import type { OrderAnswer } from '@flotilla/contracts/orders';
import { Injectable } from '@nestjs/common';
import { fulfill } from '../domain/fulfillment.js';
import { ChangeOnce } from './change-once.js';

/** Records a shipment; inventory takes its units off the shelf when it hears of it. */
@Injectable()
export class FulfillOrder {
  constructor(private readonly changeOnce: ChangeOnce) {}

  /** Throws AppError `not-found`, `illegal-transition`, `quantity-exceeded`, `unknown-sku`, `idempotency-key-reuse`. */
  execute(actor: Actor, request: FulfillOrderRequest): Promise<OrderAnswer> {
    return this.changeOnce.execute(actor, Operation.subject, request, (order, attempt) =>
      fulfill(order, request.body, attempt),
    );
  }
}
