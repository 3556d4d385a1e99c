import type { Actor } from '@flotilla/contracts/actor';
import {
  ReturnItems as Operation,
  type ReturnItemsRequest,
} from '@flotilla/contracts/order-changes';
import type { OrderAnswer } from '@flotilla/contracts/orders';
import { Injectable } from '@nestjs/common';
import { takeBack } from '../domain/fulfillment.js';
import { ChangeOnce } from './change-once.js';

/** Records units that came back; inventory sells them again if they may be. */
@Injectable()
export class ReturnItems {
  constructor(private readonly changeOnce: ChangeOnce) {}

  /** Throws AppError `not-found`, `illegal-transition`, `quantity-exceeded`, `unknown-sku`, `idempotency-key-reuse`. */
  execute(actor: Actor, request: ReturnItemsRequest): Promise<OrderAnswer> {
    return this.changeOnce.execute(actor, Operation.subject, request, (order, attempt) =>
      takeBack(order, request.body, attempt),
    );
  }
}
