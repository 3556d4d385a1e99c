import { NatsLink } from '@flotilla/messaging/nats-link';
import { Database } from '@flotilla/runtime/database';
import { Logger } from '@flotilla/runtime/logger';
import { Lookout } from '@flotilla/runtime/lookout';
import { Metrics } from '@flotilla/runtime/metrics';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BrokerMemory } from './broker-memory.js';
import { BATCH, EventPublisher } from './event-publisher.js';
import { EVENTS_APPENDED } from './event-streams.js';

/** How late events are published whose process died, or that were appended by one without a relay, in milliseconds. */
const POLL_MS = 1_000;
/** How often the broker's memory is checked, and the backlog measured, in milliseconds. */
const VERIFY_MS = 5_000;
/** After a commit, so that what is appended at the same time shares a transaction, in milliseconds. */
const GATHER_MS = 5;

/**
 * Publishes what was appended, soon after its commit and until it succeeds. Every replica runs one, woken by the commits of
 * its own process (docs/adr/0004-waking-the-relay.md); what nobody was woken for is found by polling.
 * While NATS is away events only pile up in the database; when it has forgotten some, they are published again.
 */
@Injectable()
export class EventRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly lookout;
  private readonly lag;
  private readonly backlog;
  private watches: (() => void)[] = [];
  private verifyAt = 0;
  private isFailing = false;

  constructor(
    private readonly database: Database,
    private readonly link: NatsLink,
    private readonly publisher: EventPublisher,
    private readonly memory: BrokerMemory,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.lookout = new Lookout({
      everyMs: POLL_MS,
      gatherMs: GATHER_MS,
      look: () => this.turn(),
      failed: (error) => this.noteFailure(error),
    });
    this.lag = metrics.gauge(
      'events_unpublished_age_seconds',
      'Age of the oldest unpublished event',
    );
    this.backlog = metrics.gauge('events_unpublished', 'Events that wait to be published');
  }

  onApplicationBootstrap(): void {
    this.watches = [
      this.database.onCommit(EVENTS_APPENDED, () => this.lookout.wake()),
      this.link.onConnect(() => {
        this.verifyAt = 0;
        this.lookout.wake();
      }),
    ];
    this.lookout.start();
  }

  /** Finishes the batch under way; what is left is published by another replica or after the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const stopWatching of this.watches) stopWatching();
    await this.lookout.stop();
  }

  /** One batch; true when there may be more at once. Throws when anything of it failed. */
  private async turn(): Promise<boolean> {
    const now = performance.now();
    if (now >= this.verifyAt) {
      await this.measure();
      if (!this.link.connected) throw new Error('NATS is not connected');
      await this.memory.verify();
      this.verifyAt = now + VERIFY_MS;
    }
    if (!this.link.connected) throw new Error('NATS is not connected');
    const { taken, forgot, failure } = await this.publisher.publishBatch();
    if (failure) throw failure;
    if (this.isFailing) this.logger.info({}, 'publishing events again');
    this.isFailing = false;
    if (forgot) this.verifyAt = 0;
    return forgot || taken === BATCH;
  }

  private async measure(): Promise<void> {
    const [row] = await this.database.rows<{ count: number; age: number | null }>(
      `SELECT (SELECT count(*)::int FROM events WHERE published_at IS NULL) AS count,
         (SELECT extract(epoch FROM clock_timestamp() - occurred_at)::float8
          FROM events WHERE published_at IS NULL ORDER BY position LIMIT 1) AS age`,
    );
    this.backlog.set(row!.count);
    this.lag.set(Math.max(0, row!.age ?? 0));
  }

  private noteFailure(error: unknown): void {
    if (!this.isFailing) this.logger.warn({ err: error }, 'cannot publish events, trying on');
    this.isFailing = true;
    this.verifyAt = 0;
  }
}
