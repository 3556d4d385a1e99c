import { ORDERS_EVENTS } from '@flotilla/contracts/events';
import { EventCatchUp } from '@flotilla/event-store/event-catch-up';
import { Database } from '@flotilla/runtime/database';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { pause } from '@flotilla/runtime/waiting';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SalesGate } from '../use-cases/sales-gate.js';
import { RESERVATIONS_CONSUMER } from './order-events.controller.js';

/** How often the log is looked through although nothing happened: a lost last event leaves no gap to be noticed by. */
const EVERY_MS = 60_000;
const RETRY_MS = 100;

/**
 * Opens the gate for sales once everything that orders has decided is applied here, and closes it when the database
 * turns out to be another one. Nobody asks for stock while orders is away, so that waiting for it costs nothing.
 */
@Injectable()
export class OrderLogFollower implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly restored;
  private running = Promise.resolve();
  private stopWatching: () => void = () => undefined;
  private replaced = Promise.withResolvers<void>();
  private isStale = true;

  constructor(
    private readonly database: Database,
    private readonly catchUp: EventCatchUp,
    private readonly gate: SalesGate,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    metrics.gauge('inventory_sales_open', '1 when stock may be sold', [], () => +gate.isOpen);
    this.restored = metrics.counter(
      'inventory_events_caught_up_total',
      'Events of orders that the broker had not delivered, or this database has lost',
    );
  }

  onApplicationBootstrap(): void {
    this.stopWatching = this.database.onReplaced(() => {
      this.gate.close();
      this.isStale = true;
      this.replaced.resolve();
    });
    this.running = this.run(this.stopping.signal);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopWatching();
    this.stopping.abort();
    this.replaced.resolve();
    await this.running;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.isStale = false;
      this.replaced = Promise.withResolvers<void>();
      try {
        const applied = await this.catchUp.run(ORDERS_EVENTS, RESERVATIONS_CONSUMER, signal);
        this.restored.inc(applied);
        if (applied > 0) this.logger.warn({ applied }, 'caught up with the log of orders');
      } catch (error) {
        this.logger.debug({ err: error }, 'not up to date with orders yet');
        this.isStale ||= !this.gate.isOpen;
      }
      if (this.isStale) await pause(RETRY_MS, signal);
      else {
        this.gate.open();
        await Promise.race([pause(EVERY_MS, signal), this.replaced.promise]);
      }
    }
  }
}
