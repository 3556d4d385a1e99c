import type { Actor } from '@flotilla/contracts/actor';
import { eventActor } from '@flotilla/contracts/events';
import type { Answered } from '@flotilla/contracts/idempotency';
import {
  AdjustStock as Operation,
  type AdjustStockRequest,
  type StockView,
} from '@flotilla/contracts/inventory';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { Injectable } from '@nestjs/common';
import { decideCount } from '../domain/stocktaking.js';
import { Stock } from './ports.js';

/** Makes the stock of a product more or less by hand. */
@Injectable()
export class AdjustStock {
  constructor(
    private readonly requests: IdempotentRequests,
    private readonly stock: Stock,
  ) {}

  /** @throws AppError `not-found`, `insufficient-stock`, `validation-failed`, and what `IdempotentRequests` throws */
  execute(
    { sku, idempotencyKey: key, adjustment }: AdjustStockRequest,
    actor: Actor,
  ): Promise<Answered<StockView>> {
    const { delta, reason } = adjustment;
    const body = { sku: sku.toLowerCase(), adjustment };
    const request = { actor, key, operation: Operation.subject, body };
    return this.requests.once(request, (tx) =>
      this.stock.count(
        { mode: actor.mode, sku },
        (product) => decideCount(product, { delta }, reason, eventActor(actor)),
        tx,
      ),
    );
  }
}
