import { Logger } from '@flotilla/runtime/logger';
import { Repeated } from '@flotilla/runtime/repeated';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SWEEP_CONFIG, type SweepConfig } from '../config.js';
import { ExpireOrders } from '../use-cases/expire-orders.js';

/** Runs `ExpireOrders` again and again, for as long as the service runs. */
@Injectable()
export class ExpirySweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweeps: Repeated;

  constructor(
    expireOrders: ExpireOrders,
    @Inject(SWEEP_CONFIG) { sweepIntervalMs }: SweepConfig,
    logger: Logger,
  ) {
    this.sweeps = new Repeated(
      sweepIntervalMs,
      (signal) => expireOrders.execute(signal),
      (error) =>
        logger.warn({ err: error }, 'orders were not expired, the next sweep will try again'),
    );
  }

  onApplicationBootstrap(): void {
    this.sweeps.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweeps.stop();
  }
}
