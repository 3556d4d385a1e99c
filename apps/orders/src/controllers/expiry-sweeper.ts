import { Logger } from '@flotilla/runtime/logger';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ExpireOrders } from '../use-cases/expire-orders.js';

/** How late the end of an order may be written down. Readers see it in time all the same. */
const EVERY_MS = 1_000;

/** Runs `ExpireOrders` for as long as the service runs. */
@Injectable()
export class ExpirySweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private sweeping = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly expireOrders: ExpireOrders,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.sweeping;
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep().finally(() => this.schedule());
    }, EVERY_MS);
  }

  private async sweep(): Promise<void> {
    try {
      while (!this.stopped && (await this.expireOrders.execute()));
    } catch (error) {
      this.logger.warn({ err: error }, 'orders were not expired; trying again');
    }
  }
}
