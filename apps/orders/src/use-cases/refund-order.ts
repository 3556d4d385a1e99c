import type { Actor } from '@flotilla/contracts/actor';
import {
  RefundOrder as Operation,
  type RefundOrderRequest,
} from '@flotilla/contracts/order-changes';
import type { OrderAnswer } from '@flotilla/contracts/orders';
import { Injectable } from '@nestjs/common';
import { refund } from '../domain/payments.js';
import { ChangeOnce } from './change-once.js';

/** Records money that was given back. */
@Injectable()
export class RefundOrder {
  constructor(private readonly changeOnce: ChangeOnce) {}

  /** Throws AppError `not-found`, `amount-exceeded`, `validation-failed`, `idempotency-key-reuse`. */
  execute(actor: Actor, request: RefundOrderRequest): Promise<OrderAnswer> {
    return this.changeOnce.execute(actor, Operation.subject, request, (order, attempt) =>
      refund(order, request.body, attempt),
    );
  }
}
