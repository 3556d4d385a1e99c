import type { Actor } from '@flotilla/contracts/actor';
import {
  RecordPayment as Operation,
  type RecordPaymentRequest,
} from '@flotilla/contracts/order-changes';
import type { OrderAnswer } from '@flotilla/contracts/orders';
import { Injectable } from '@nestjs/common';
import { pay } from '../domain/payments.js';
import { ChangeOnce } from './change-once.js';

/** Records money that arrived; what arrives too late goes back at once. */
@Injectable()
export class RecordPayment {
  constructor(private readonly changeOnce: ChangeOnce) {}

  /** Throws AppError `not-found`, `amount-exceeded`, `validation-failed`, `idempotency-key-reuse`. */
  execute(actor: Actor, request: RecordPaymentRequest): Promise<OrderAnswer> {
    return this.changeOnce.execute(actor, Operation.subject, request, (order, attempt, now) =>
      pay(order, request.body, attempt, now),
    );
  }
}
