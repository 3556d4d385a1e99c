import { Logger } from '@flotilla/runtime/logger';
import { Repeated } from '@flotilla/runtime/repeated';
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
  private readonly sweeps: Repeated;

  constructor(
    sweepHolds: SweepHolds,
    @Inject(SWEEP_CONFIG) { sweepIntervalMs, holdGraceMs }: SweepConfig,
    logger: Logger,
  ) {
    this.sweeps = new Repeated(
      sweepIntervalMs,
      (signal) => sweepHolds.execute(holdGraceMs, signal),
      (error) => logger.warn({ err: error }, 'sweep failed, the next one will try again'),
    );
  }

  onApplicationBootstrap(): void {
    this.sweeps.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweeps.stop();
  }
}
