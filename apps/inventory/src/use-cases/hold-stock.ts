import type { Actor } from '@flotilla/contracts/actor';
import { type AppError, isAppError, type ShortLine } from '@flotilla/contracts/errors';
import { eventActor } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import type { HoldStockRequest, StockHold } from '@flotilla/contracts/stock-holds';
import { BatchQueue } from '@flotilla/runtime/batch-queue';
import { Metrics } from '@flotilla/runtime/metrics';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { HoldOutcome } from '../domain/holds.js';
import type { HoldRequest } from '../domain/reservation.js';
import { Reservations } from './ports.js';
import { ReclaimUnconfirmed } from './reclaim-unconfirmed.js';
import { SalesGate } from './sales-gate.js';

const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64];

/**
 * Takes stock for an order that is about to be decided, once per order id; a retry is told what was held. What comes
 * while a transaction runs is decided together in the next one: a row lock lasts until the commit is on disk, so a
 * popular product could otherwise be sold once per flush only.
 */
@Injectable()
export class HoldStock implements BeforeApplicationShutdown {
  private readonly queue: BatchQueue<HoldRequest, HoldOutcome>;

  constructor(
    reservations: Reservations,
    private readonly gate: SalesGate,
    private readonly reclaim: ReclaimUnconfirmed,
    metrics: Metrics,
  ) {
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
   *   `order-voided`; `unavailable` while the stock is not up to date; `deadline-exceeded` when its turn came too late, and then nothing was held
   */
  async execute(request: HoldStockRequest, actor: Actor): Promise<StockHold> {
    if (!this.gate.isOpen) await this.gate.opened();
    const outcome = await this.hold({
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

  /** Tries again as long as that settles anything: each time some orders fewer are left that could be asked about. */
  private async hold(request: HoldRequest): Promise<HoldOutcome> {
    for (;;) {
      const outcome = await this.queue.add(request);
      const short = outcome.kind === 'refused' ? shortLines(outcome.error) : [];
      const wanted = short.map(({ sku }) => ({ mode: request.mode, sku }));
      if (wanted.length === 0 || !(await this.reclaim.execute(wanted))) return outcome;
    }
  }
}

function shortLines(refusal: AppError): readonly ShortLine[] {
  return (isAppError(refusal, 'insufficient-stock') && refusal.details?.lines) || [];
}
