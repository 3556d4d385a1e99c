import type { Actor } from '@flotilla/contracts/actor';
import * as operations from '@flotilla/contracts/orders';
import { Injectable } from '@nestjs/common';
import { fulfill } from '../domain/fulfillment.js';
import { ChangeOnce } from './change-once.js';

/** Records a shipment; inventory takes its units off the shelf when it hears of it. */
@Injectable()
export class FulfillOrder {
  constructor(private readonly changeOnce: ChangeOnce) {}

  /** Throws AppError `not-found`, `illegal-transition`, `quantity-exceeded`, `unknown-sku`, `idempotency-key-reuse`. */
  execute(actor: Actor, request: operations.FulfillOrderRequest): Promise<operations.OrderAnswer> {
    const { subject } = operations.FulfillOrder;
    return this.changeOnce.execute(actor, subject, request, (order, attempt) =>
      fulfill(order, request.body, attempt),
    );
  }
}
