import { isAppError } from '@flotilla/contracts/errors';
import { toId } from '@flotilla/contracts/ids';
import { failpoint } from '@flotilla/runtime/failpoints';
import { Logger } from '@flotilla/runtime/logger';
import { Injectable } from '@nestjs/common';
import { OrderFates, Reservations } from './ports.js';
import { SalesGate } from './sales-gate.js';
import { SettleOrder } from './settle-order.js';

/** Orders asked about, and expired holds released, in one go. */
const BATCH = 100;
const SWEEPER = { system: 'hold-sweeper' };

/**
 * Ends what nobody else ended: asks orders what became of holds that are undecided for too long, and releases holds
 * whose time is up. Any number of replicas may do so at once. Without an answer a hold stays: undersold, never oversold.
 */
@Injectable()
export class SweepHolds {
  constructor(
    private readonly reservations: Reservations,
    private readonly settleOrder: SettleOrder,
    private readonly gate: SalesGate,
    private readonly fates: OrderFates,
    private readonly logger: Logger,
  ) {}

  /** `graceMs`: how long a hold may be undecided. It affects when a hold is freed, never whether that is safe. */
  async execute(graceMs: number, signal?: AbortSignal): Promise<void> {
    // What looks expired may have been confirmed since the backup that this database was restored from.
    if (!this.gate.isOpen) return;
    while (!signal?.aborted && (await this.reservations.releaseExpired(BATCH)));
    for await (const orderId of this.allUndecided(graceMs)) {
      if (signal?.aborted) return;
      try {
        await this.resolve(orderId);
      } catch (error) {
        this.logger.warn({ orderId: toId('ord', orderId), err: error }, 'a hold stays undecided');
        if (isAppError(error, 'unavailable') || isAppError(error, 'deadline-exceeded')) return;
      }
    }
  }

  /** Page after page, so that no number of holds that stay undecided hides another. */
  private async *allUndecided(graceMs: number): AsyncGenerator<string> {
    let page: string[] = [];
    do {
      page = await this.reservations.undecided(graceMs, BATCH, page.at(-1));
      yield* page;
    } while (page.length === BATCH);
  }

  /** Outside any transaction: orders may be slow, and its answer does not change. */
  private async resolve(orderId: string): Promise<void> {
    const fate = await this.fates.fateOf(orderId);
    if (fate === 'voided') failpoint('inventory.sweeper-after-void');
    await this.settleOrder.execute(orderId, fate, SWEEPER);
  }
}
