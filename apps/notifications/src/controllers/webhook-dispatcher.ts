import { Database } from '@flotilla/runtime/database';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { Repeated } from '@flotilla/runtime/repeated';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { QueueWorker } from '../queue-worker.js';
import { DELIVERIES_DUE } from '../repositories/deliveries.repository.js';
import { DeliveryQueue } from '../repositories/delivery-queue.js';
import { ENDPOINTS_CHANGED } from '../repositories/endpoints.repository.js';
import { Deliver } from '../use-cases/deliver.js';
import type { ClaimedDelivery } from '../use-cases/ports.js';

/** Messages that this process sends at once. */
const AT_ONCE = 256;
/** How late a retry comes, or a delivery that another process decided on, in milliseconds. */
const POLL_MS = 1_000;
const GATHER_MS = 20;
/** How long a shutdown waits for answers, in milliseconds; who gives none by then is sent it again when the lease is over. */
const GRACE_MS = 3_000;
const FORGET_EVERY_MS = 3_600_000;

/** Sends what is due. */
@Injectable()
export class WebhookDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly worker;
  private readonly forgetting;
  private readonly attempts;
  private readonly lag;
  /** Messages on their way, by uuid of their endpoint. */
  private readonly busy = new Map<string, number>();
  private hasStopped = false;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly queue: DeliveryQueue,
    private readonly deliver: Deliver,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.worker = new QueueWorker<ClaimedDelivery>({
      atOnce: AT_ONCE,
      everyMs: POLL_MS,
      gatherMs: GATHER_MS,
      claim: (room) => this.queue.claim(room, this.busy),
      work: (delivery) => this.send(delivery),
      failed: (error) => logger.warn({ err: error }, 'webhooks cannot be looked after, trying on'),
    });
    this.attempts = metrics.counter('webhook_attempts_total', 'Attempts to deliver an event', [
      'outcome',
    ]);
    this.lag = metrics.histogram(
      'webhook_lag_seconds',
      'From an event to its delivery at the first attempt',
    );
    metrics.gauge('webhook_sending', 'Messages on their way', [], () => this.worker.size);
    this.forgetting = new Repeated(
      FORGET_EVERY_MS,
      async (signal) => {
        while (!signal.aborted && (await this.queue.forgetOld()));
      },
      (error) => this.logger.warn({ err: error }, 'old deliveries are not forgotten, trying on'),
    );
  }

  onApplicationBootstrap(): void {
    const stops = [DELIVERIES_DUE, ENDPOINTS_CHANGED].map((topic) =>
      this.database.onCommit(topic, () => this.worker.wake()),
    );
    this.stopListening = () => stops.forEach((stop) => stop());
    this.forgetting.start();
    this.worker.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopListening();
    await Promise.all([this.forgetting.stop(), this.worker.stop(GRACE_MS)]);
    this.hasStopped = true;
  }

  private async send(delivery: ClaimedDelivery): Promise<void> {
    const { id } = delivery.endpoint;
    this.busy.set(id, (this.busy.get(id) ?? 0) + 1);
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
    } finally {
      const left = this.busy.get(id)! - 1;
      if (left === 0) this.busy.delete(id);
      else this.busy.set(id, left);
    }
  }
}
