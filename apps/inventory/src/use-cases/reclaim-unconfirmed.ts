import type { Mode } from '@flotilla/contracts/actor';
import { toId } from '@flotilla/contracts/ids';
import { BatchQueue } from '@flotilla/runtime/batch-queue';
import { Logger } from '@flotilla/runtime/logger';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { OrderFates, Reservations } from './ports.js';
import { SettleOrder } from './settle-order.js';

/** Orders asked about at once, while somebody waits. */
const AT_ONCE = 10;
const RECLAIM = { system: 'hold-reclaim' };

/** A product that somebody finds sold out. */
export interface WantedProduct {
  mode: Mode;
  sku: string;
}

/**
 * Gives back the units of orders whose hold was made permanent and whose confirmation was then cut short, once their time
 * is up (docs/adr/0002-confirming-a-held-order.md). Orders alone can say so, therefore it is asked, and only when the
 * units are wanted: whoever wants them need not wait for a sweeper.
 */
@Injectable()
export class ReclaimUnconfirmed implements BeforeApplicationShutdown {
  /** However many find a product sold out, they look for its stock together. */
  private readonly queue = new BatchQueue<readonly WantedProduct[], boolean>(async (wanted) => {
    const isSettled = await this.reclaim(wanted.flat());
    return wanted.map(() => isSettled);
  });

  constructor(
    private readonly reservations: Reservations,
    private readonly fates: OrderFates,
    private readonly settleOrder: SettleOrder,
    private readonly logger: Logger,
  ) {}

  beforeApplicationShutdown(): Promise<void> {
    return this.queue.drain();
  }

  /** Whether there may be more of these products now than there was, or are fewer orders to ask about. @throws AppError `unavailable`, `deadline-exceeded` */
  execute(wanted: readonly WantedProduct[]): Promise<boolean> {
    return this.queue.add(wanted);
  }

  private async reclaim(wanted: readonly WantedProduct[]): Promise<boolean> {
    const orderIds = await this.reservations.unconfirmed(wanted, AT_ONCE);
    const settled = await Promise.all(orderIds.map((orderId) => this.settle(orderId)));
    // One that is confirmed after all frees nothing, but is not asked about again, and others may wait behind it.
    return settled.includes('ended') || settled.includes('confirmed');
  }

  /** Without an answer the units stay where they are: undersold, never oversold. */
  private async settle(orderId: string): Promise<string | undefined> {
    try {
      const fate = await this.fates.fateOf(orderId);
      await this.settleOrder.execute(orderId, fate, RECLAIM);
      return fate;
    } catch (error) {
      this.logger.warn({ orderId: toId('ord', orderId), err: error }, 'a sale stays unconfirmed');
      return undefined;
    }
  }
}
