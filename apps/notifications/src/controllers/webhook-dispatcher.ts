import { Database } from '@flotilla/runtime/database';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { Repeated } from '@flotilla/runtime/repeated';
import { within } from '@flotilla/runtime/waiting';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { FEED_GREW } from '../feed.js';
import { Lookout } from '@flotilla/runtime/lookout';
import { WEBHOOKS_CHANGED } from '../repositories/deliveries.repository.js';
import { DeliveryQueue } from '../repositories/delivery-queue.js';
import { Deliver } from '../use-cases/deliver.js';
import type { ClaimedDelivery } from '../use-cases/ports.js';

/** Messages that this process sends at once. */
const AT_ONCE = 256;
/** How late a retry comes, or an event that another process fed, in milliseconds. */
const POLL_MS = 1_000;
/** What happens within so many milliseconds is looked at together. */
const GATHER_MS = 20;
/** How long a shutdown waits for answers, in milliseconds. */
const GRACE_MS = 3_000;
const FORGET_EVERY_MS = 3_600_000;

/** Keeps webhooks going: decides who hears of what the feed has, and sends what is due. */
@Injectable()
export class WebhookDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly lookout;
  private readonly forgetting;
  private readonly attempts;
  private readonly lag;
  /** Messages on their way, by uuid of their endpoint. */
  private readonly busy = new Map<string, number>();
  private readonly sending = new Set<Promise<void>>();
  private hasEndpoints = false;
  private hasStopped = false;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly queue: DeliveryQueue,
    private readonly deliver: Deliver,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.lookout = new Lookout({
      everyMs: POLL_MS,
      gatherMs: GATHER_MS,
      look: () => this.look(),
      failed: (error) => logger.warn({ err: error }, 'webhooks cannot be looked after, trying on'),
    });
    this.attempts = metrics.counter('webhook_attempts_total', 'Attempts to deliver an event', [
      'outcome',
    ]);
    this.lag = metrics.histogram(
      'webhook_lag_seconds',
      'From an event to its delivery at the first attempt',
    );
    metrics.gauge('webhook_sending', 'Messages on their way', [], () => this.sending.size);
    this.forgetting = new Repeated(
      FORGET_EVERY_MS,
      async (signal) => {
        while (!signal.aborted && (await this.queue.forgetOld()));
      },
      (error) => this.logger.warn({ err: error }, 'old deliveries are not forgotten, trying on'),
    );
  }

  onApplicationBootstrap(): void {
    const stops = [
      this.database.onCommit(WEBHOOKS_CHANGED, () => this.lookout.wake()),
      // A feed that nobody hears of is followed at leisure.
      this.database.onCommit(FEED_GREW, () => this.hasEndpoints && this.lookout.wake()),
    ];
    this.stopListening = () => stops.forEach((stop) => stop());
    this.forgetting.start();
    this.lookout.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopListening();
    await Promise.all([this.forgetting.stop(), this.lookout.stop()]);
    // Whoever does not answer by then is sent it again by somebody else, when the lease is over.
    await within(GRACE_MS, Promise.all(this.sending));
    this.hasStopped = true;
  }

  /** Whether there is likely to be more at once. */
  private async look(): Promise<boolean> {
    this.hasEndpoints = await this.queue.hasEndpoints();
    const undecided = await this.queue.decide();
    if (!this.hasEndpoints) return undecided;
    const room = AT_ONCE - this.sending.size;
    const claimed = room > 0 ? await this.queue.claim(room, this.busy) : [];
    for (const delivery of claimed) this.send(delivery);
    return undecided || (room > 0 && claimed.length === room);
  }

  private send(delivery: ClaimedDelivery): void {
    const { id } = delivery.endpoint;
    this.busy.set(id, (this.busy.get(id) ?? 0) + 1);
    const sent = this.attemptOne(delivery).finally(() => {
      const left = this.busy.get(id)! - 1;
      if (left === 0) this.busy.delete(id);
      else this.busy.set(id, left);
      this.sending.delete(sent);
      this.lookout.wake(); // the endpoint may have more
    });
    this.sending.add(sent);
  }

  private async attemptOne(delivery: ClaimedDelivery): Promise<void> {
    try {
      const { verdict } = await this.deliver.execute(delivery);
      this.attempts.inc({ outcome: verdict.status });
      const { occurredAt, attempts } = delivery;
      if (verdict.status === 'delivered' && attempts === 1 && occurredAt) {
        this.lag.observe({}, (Date.now() - occurredAt.getTime()) / 1_000);
      }
    } catch (error) {
      // Nothing is known of it any more, so it is sent again when its lease is over.
      if (this.hasStopped) return;
      this.logger.warn({ err: error, delivery: delivery.id }, 'a delivery is not written down');
    }
  }
}
