import type { Actor } from '@flotilla/contracts/actor';
import { eventActor } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import type { HoldStockRequest, StockHold } from '@flotilla/contracts/inventory';
import { BatchQueue } from '@flotilla/runtime/batch-queue';
import { Metrics } from '@flotilla/runtime/metrics';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { HoldOutcome } from '../domain/holds.js';
import type { HoldRequest } from '../domain/reservation.js';
import { Reservations } from './ports.js';

const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64];

/**
 * Takes stock for an order that is about to be decided, once per order id; a retry is told what was held. What comes
 * while a transaction runs is decided together in the next one: a row lock lasts until the commit is on disk, so a
 * popular product could otherwise be sold once per flush only.
 */
@Injectable()
export class HoldStock implements BeforeApplicationShutdown {
  private readonly queue: BatchQueue<HoldRequest, HoldOutcome>;

  constructor(reservations: Reservations, metrics: Metrics) {
    const sizes = metrics.histogram(
      'inventory_hold_batch',
      'Holds per transaction',
      [],
      BATCH_SIZES,
    );
    this.queue = new BatchQueue((requests) => {
      sizes.observe(requests.length);
      return reservations.hold(requests);
    });
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.queue.drain();
  }

  /**
   * @throws AppError `insufficient-stock`, `unknown-sku`, `validation-failed` (currencies, total), `idempotency-key-reuse`,
   *   `order-voided`; `deadline-exceeded` when its turn came too late, and then nothing was held
   */
  async execute(request: HoldStockRequest, actor: Actor): Promise<StockHold> {
    const outcome = await this.queue.add({
      orderId: toUuid('ord', request.orderId),
      mode: request.mode,
      requestHash: request.requestHash,
      lines: request.lines,
      expiresAt: request.expiresAt === undefined ? null : new Date(request.expiresAt),
      by: eventActor(actor),
    });
    if (outcome.kind === 'refused') throw outcome.error;
    const { lines, expiresAt } = outcome.reservation;
    return {
      orderId: request.orderId,
      lines: lines.map(({ sku, name, quantity, unitPrice }) => ({
        sku,
        name,
        quantity,
        unitPrice,
      })),
      expiresAt: expiresAt?.toISOString() ?? null,
    };
  }
}
