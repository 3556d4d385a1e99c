import type { EventEnvelope } from '@flotilla/contracts/events';
import type { Logger } from '@flotilla/runtime/logger';
import { pause } from '@flotilla/runtime/waiting';
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { EventDispatcher } from './event-dispatcher.js';
import type { EventSubscription } from './events.js';
import { ACK_WAIT_MS, type JetStream } from './jetstream.js';
import { KeyedQueue } from './keyed-queue.js';
import type { NatsLink } from './nats-link.js';
import type { Slots } from './slots.js';

/** Events fetched ahead, at most: the bound of what this keeps in memory. */
const PREFETCH = 128;
/** Events handed on, at most: those that are not applied together wait for their slots. */
const AT_ONCE = PREFETCH / 2;
const PULL_MS = 10_000;
const HEARTBEAT_MS = 1_000;
const RETRY_MS = 500;

interface Held {
  message: JsMsg;
  event: EventEnvelope;
  together: boolean;
}

/**
 * The pause before the next attempt, in milliseconds: doubling from 100 ms to 30 s, of which the second half is left
 * to chance, so that what failed together does not come back together.
 */
export function retryDelayMs(attempt: number, chance: number = Math.random()): number {
  const ceiling = Math.min(30_000, 200 * 2 ** Math.min(attempt - 1, 20));
  return Math.round(ceiling / 2 + (ceiling / 2) * chance);
}

/**
 * One durable pull consumer for one handler. Acknowledges after the handler; a failure sends the event back for later
 * and holds up nothing else. Events of one stream run one after another; across a failure their order is the inbox's care.
 * When the broker lost the consumer or the whole stream, it makes them again.
 */
export class EventConsumer {
  private readonly queue: KeyedQueue<Held>;
  private readonly held = new Set<JsMsg>();
  private readonly stopping = new AbortController();
  private pulling?: ConsumerMessages;
  private running: Promise<void> = Promise.resolve();
  private keepalive?: NodeJS.Timeout;

  constructor(
    private readonly subscription: EventSubscription,
    slots: Slots,
    private readonly link: NatsLink,
    private readonly jetStream: JetStream,
    private readonly dispatcher: EventDispatcher,
    private readonly logger: Logger,
  ) {
    this.queue = new KeyedQueue(AT_ONCE, (held) =>
      // Whoever applies events together takes one slot for all of them.
      held.together ? this.handle(held) : slots.use(() => this.handle(held)),
    );
  }

  start(): void {
    // The broker takes silence for death: what waits or runs here for long has to be claimed again and again.
    this.keepalive = setInterval(() => {
      for (const message of this.held) settle(() => message.working());
    }, ACK_WAIT_MS / 3);
    this.running = this.run();
  }

  /** Takes no more, gives back what has not begun, and waits for what has. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.pulling?.stop();
    for (const { message } of this.queue.withdraw()) this.giveBack(message, 0);
    await this.running;
    await this.queue.shrunkTo(0);
    clearInterval(this.keepalive);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { channel, consumer } = this.subscription;
    let healthy = true;
    while (!signal.aborted) {
      try {
        await this.link.connection(signal);
        await this.jetStream.ensureStream(channel);
        await this.jetStream.ensureConsumer(this.subscription);
        if (!healthy) this.logger.info({ consumer }, 'consuming events again');
        healthy = true;
        await this.pull();
      } catch (error) {
        if (signal.aborted) return;
        if (healthy) this.logger.warn({ err: error, consumer }, 'event consumer lost, trying on');
        healthy = false;
        await pause(RETRY_MS, signal);
      }
    }
  }

  /** Fetches and fetches again, never more than there is room for. Throws when the consumer is gone. */
  private async pull(): Promise<void> {
    const { channel, consumer: name } = this.subscription;
    const manager = await this.jetStream.manager();
    const consumer = await manager.jetstream().consumers.get(channel.stream, name);
    const { signal } = this.stopping;
    for (;;) {
      await this.queue.shrunkTo(PREFETCH / 2);
      if (signal.aborted) return;
      this.pulling = await consumer.fetch({
        max_messages: PREFETCH - this.queue.size,
        expires: PULL_MS,
        idle_heartbeat: HEARTBEAT_MS,
        // A consumer that is missing answers the pull itself: no need to ask about it first.
        bind: true,
      });
      // Whoever stopped us while we asked could not stop what was not there yet.
      if (signal.aborted) this.pulling.stop();
      for await (const message of this.pulling) this.accept(message);
    }
  }

  private accept(message: JsMsg): void {
    if (this.stopping.signal.aborted) return this.giveBack(message, 0);
    const event = readEnvelope(message);
    if (!event) {
      this.logger.error(
        { consumer: this.subscription.consumer, seq: message.seq },
        'not an event, no attempt could ever succeed: discarded',
      );
      // Without a reason: servers before 2.10 do not understand one and would deliver for ever.
      return settle(() => message.term());
    }
    this.held.add(message);
    // What has failed before is tried alone, so that it fails alone.
    const isNew = message.info.deliveryCount === 1;
    const together = isNew && (this.subscription.together?.(event) ?? false);
    this.queue.push(event.streamId, { message, event, together });
  }

  private async handle({ message, event, together }: Held): Promise<void> {
    // It waited for its slot meanwhile.
    if (this.stopping.signal.aborted) return this.giveBack(message, 0);
    const attempt = message.info.deliveryCount;
    try {
      await this.dispatcher.dispatch(this.subscription.consumer, event, {
        attempt,
        together,
        headers: headersOf(message),
      });
      this.held.delete(message);
      settle(() => message.ack());
    } catch {
      this.giveBack(message, retryDelayMs(attempt));
    }
  }

  private giveBack(message: JsMsg, delayMs: number): void {
    this.held.delete(message);
    settle(() => message.nak(delayMs));
  }
}

/** On a connection that is closed there is nobody to tell, and the broker delivers again by itself. */
function settle(tell: () => void): void {
  try {
    tell();
  } catch {
    // see above
  }
}

function readEnvelope(message: JsMsg): EventEnvelope | undefined {
  try {
    const event = message.json<EventEnvelope | null>();
    return typeof event?.streamId === 'string' ? event : undefined;
  } catch {
    return undefined;
  }
}

function headersOf(message: JsMsg): Record<string, string> {
  const entries: [string, string][] = [];
  for (const [name, values] of message.headers ?? []) entries.push([name, values[0] ?? '']);
  return Object.fromEntries(entries);
}
