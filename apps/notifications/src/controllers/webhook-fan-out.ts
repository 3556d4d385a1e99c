import { Database } from '@flotilla/runtime/database';
import { Logger } from '@flotilla/runtime/logger';
import { Lookout } from '@flotilla/runtime/lookout';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { FEED_GREW } from '../feed.js';
import { DeliveryQueue } from '../repositories/delivery-queue.js';
import { ENDPOINTS_CHANGED } from '../repositories/endpoints.repository.js';

/** How late an event is seen that another process fed, in milliseconds. */
const POLL_MS = 1_000;
/** What is fed within so many milliseconds is looked at together. */
const GATHER_MS = 20;

/** Follows the feed and decides who hears of what: a delivery for each event and endpoint. */
@Injectable()
export class WebhookFanOut implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly lookout;
  private hasEndpoints = false;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly queue: DeliveryQueue,
    logger: Logger,
  ) {
    this.lookout = new Lookout({
      everyMs: POLL_MS,
      gatherMs: GATHER_MS,
      look: () => this.look(),
      failed: (error) => logger.warn({ err: error }, 'the feed cannot be followed, trying on'),
    });
  }

  onApplicationBootstrap(): void {
    const stops = [
      this.database.onCommit(ENDPOINTS_CHANGED, () => this.lookout.wake()),
      // A feed that nobody hears of is followed at leisure.
      this.database.onCommit(FEED_GREW, () => this.hasEndpoints && this.lookout.wake()),
    ];
    this.stopListening = () => stops.forEach((stop) => stop());
    this.lookout.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopListening();
    await this.lookout.stop();
  }

  /** Whether there are more events. */
  private async look(): Promise<boolean> {
    this.hasEndpoints = await this.queue.hasEndpoints();
    return this.queue.decide();
  }
}
