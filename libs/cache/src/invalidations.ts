import { type EventChannel, type EventEnvelope, eventSubject } from '@flotilla/contracts/events';
import { NatsLink } from '@flotilla/messaging/nats-link';
import { SERVICE_NAME } from '@flotilla/runtime/runtime.module';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { CacheMetrics } from './cache-metrics.js';
import { Generations } from './generations.js';

/** Events after which values are out of date, and whose. */
export interface InvalidatingEvents {
  channel: EventChannel;
  /** Types of events, with NATS wildcards: `user.*`. */
  filter: string;
  tags(event: EventEnvelope): readonly string[];
}

/** Token of the `InvalidatingEvents[]` of the service. */
export const INVALIDATING_EVENTS = Symbol('InvalidatingEvents');

interface Announcement {
  /** Which replica says so. */
  from: string;
  tags: readonly string[];
}

/**
 * What went out of date, as every replica hears it: from the events, when they are published, which none is without; and from the
 * replica that made the change, which is sooner, so that whoever was answered finds the change with all of them. Both are heard as
 * they come, not read from a stream: a replica that was cut off may have missed some, and starts over.
 */
@Injectable()
export class Invalidations implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly subject: string;
  private readonly replica = randomUUID();
  private readonly subscriptions: Subscription[] = [];
  private stopWatching?: () => void;
  private connection?: NatsConnection;
  /** Nothing was missed since everything was forgotten last. */
  private isCurrent = false;
  private attempts = 0;

  constructor(
    @Inject(SERVICE_NAME) service: string,
    @Inject(INVALIDATING_EVENTS) private readonly events: readonly InvalidatingEvents[],
    private readonly generations: Generations,
    private readonly link: NatsLink,
    private readonly counts: CacheMetrics,
  ) {
    this.subject = `cache.${service}.forget`;
  }

  /** Whether whatever goes out of date now will be heard of. */
  get areHeard(): boolean {
    return this.isCurrent && this.link.connected;
  }

  /** Tells the other replicas. A hint, however it fails. */
  announce(tags: readonly string[]): void {
    const announcement: Announcement = { from: this.replica, tags };
    this.link.live?.publish(this.subject, JSON.stringify(announcement));
  }

  onApplicationBootstrap(): void {
    this.stopWatching = this.link.onConnect(() => void this.startOver());
    if (this.link.connected) void this.startOver();
  }

  beforeApplicationShutdown(): void {
    this.isCurrent = false;
    this.stopWatching?.();
    for (const subscription of this.subscriptions) subscription.unsubscribe();
  }

  private async startOver(): Promise<void> {
    const attempt = (this.attempts += 1);
    this.isCurrent = false;
    const connection = this.link.live;
    if (!connection) return;
    this.listen(connection);
    try {
      // Answered after the broker has the subscriptions.
      await connection.flush();
      await this.generations.forgetEverything();
      this.isCurrent = attempt === this.attempts;
    } catch {
      // Lost again, and so it will be made again.
    }
  }

  /** Once: the client subscribes again by itself when it reconnects. */
  private listen(connection: NatsConnection): void {
    if (this.connection === connection) return;
    this.connection = connection;
    this.hear(connection, this.subject, (message) => {
      const { from, tags } = message.json<Announcement>();
      return from === this.replica ? [] : tags;
    });
    for (const { channel, filter, tags } of this.events) {
      this.hear(connection, eventSubject(channel, filter), (message) => tags(message.json()));
    }
  }

  private hear(
    connection: NatsConnection,
    subject: string,
    tagsIn: (message: Msg) => readonly string[],
  ): void {
    const callback = (error: Error | null, message: Msg): void => {
      if (error) return;
      const tags = tagsIn(message);
      if (tags.length === 0) return;
      this.counts.invalidations.inc(tags.length);
      void this.generations.forget(tags);
    };
    this.subscriptions.push(connection.subscribe(subject, { callback }));
  }
}
