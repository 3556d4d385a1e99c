import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@flotilla/runtime/logger';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SWEEP_CONFIG, type SweepConfig } from '../config.js';
import { SweepHolds } from '../use-cases/sweep-holds.js';

/** Sweeps the holds again and again, for as long as the service runs. */
@Injectable()
export class HoldSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private running = Promise.resolve();

  constructor(
    private readonly sweepHolds: SweepHolds,
    @Inject(SWEEP_CONFIG) private readonly config: SweepConfig,
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
        await this.sweepHolds.execute(this.config.holdGraceMs, signal);
      } catch (error) {
        this.logger.warn({ err: error }, 'sweep failed, the next one will try again');
      }
      await sleep(this.config.sweepIntervalMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
