import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@flotilla/runtime/logger';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ExpireOrders } from '../use-cases/expire-orders.js';

/** How late the end of an order may be written down. Readers see it in time all the same. */
const EVERY_MS = 1_000;

/** Runs `ExpireOrders` again and again, for as long as the service runs. */
@Injectable()
export class ExpirySweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private running = Promise.resolve();

  constructor(
    private readonly expireOrders: ExpireOrders,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run(this.stopping.signal);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.expireOrders.execute(signal);
      } catch (error) {
        this.logger.warn({ err: error }, 'orders were not expired, the next sweep will try again');
      }
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
