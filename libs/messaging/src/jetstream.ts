import { type EventChannel, eventSubject } from '@flotilla/contracts/events';
import { Inject, Injectable } from '@nestjs/common';
import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { EventSubscription } from './events.js';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging-options.js';
import { NatsLink } from './nats-link.js';

/** How long the broker keeps events, in milliseconds: seven days. */
export const RETENTION_MS = 7 * 24 * 3_600_000;
/** How long the broker recognises a message id it has seen, in milliseconds. */
export const DUPLICATE_WINDOW_MS = 120_000;
/** How long the broker waits for a sign of life before it delivers again, in milliseconds: so long takes the death of a consumer. */
export const ACK_WAIT_MS = 5_000;
const MAX_ACK_PENDING = 1_000;
const STREAM_NAME_IN_USE = 10_058;

/** Makes sure that streams and consumers exist as we want them; a broker may have lost them at any time. */
@Injectable()
export class JetStream {
  private managing?: Promise<JetStreamManager>;

  constructor(
    private readonly link: NatsLink,
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
  ) {}

  /** The client's own interface to streams and consumers; waits for the first connection. */
  manager(): Promise<JetStreamManager> {
    this.managing ??= this.link
      .connection()
      // Without the check it needs no answering broker: the same manager serves every reconnection.
      .then((connection) => jetstreamManager(connection, { checkAPI: false, timeout: 5_000 }));
    return this.managing;
  }

  /** Creates the stream of a channel, or changes what is different about it. Throws the client's errors. */
  async ensureStream(channel: EventChannel): Promise<void> {
    const { streams } = await this.manager();
    const changeable = {
      subjects: [channel.subjects],
      max_age: nanos(RETENTION_MS),
      duplicate_window: nanos(DUPLICATE_WINDOW_MS),
      num_replicas: this.options.natsReplicas ?? 1,
    };
    try {
      await streams.add({
        name: channel.stream,
        storage: StorageType.File,
        retention: RetentionPolicy.Limits,
        ...changeable,
      });
    } catch (error) {
      if (!(error instanceof JetStreamApiError && error.code === STREAM_NAME_IN_USE)) throw error;
      await streams.update(channel.stream, changeable);
    }
  }

  /** Creates the durable consumer of a handler; one that is there keeps its place. Throws the client's errors. */
  async ensureConsumer({ channel, filter, consumer }: EventSubscription): Promise<void> {
    const { consumers } = await this.manager();
    await consumers.add(channel.stream, {
      durable_name: consumer,
      filter_subject: eventSubject(channel, filter),
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(ACK_WAIT_MS),
      max_ack_pending: MAX_ACK_PENDING,
      max_deliver: -1,
    });
  }
}
