import type { EventEnvelope } from '@flotilla/contracts/events';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { within } from '@flotilla/runtime/waiting';
import { Inject, Injectable } from '@nestjs/common';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import type { Subscription } from '@nats-io/transport-node';
import { isObservable, lastValueFrom } from 'rxjs';
import { EventConsumer } from './event-consumer.js';
import { EventDispatcher } from './event-dispatcher.js';
import type { EventDelivery, EventSubscription } from './events.js';
import { JetStream } from './jetstream.js';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging-options.js';
import { NatsLink } from './nats-link.js';
import { RequestResponder } from './request-responder.js';
import { Slots } from './slots.js';

/** How long starting waits for a broker, in milliseconds; then the service runs, not ready, and goes on trying. */
const LISTEN_MS = 3_000;
const DEFAULT_MAX_IN_FLIGHT = 256;
const DEFAULT_DRAIN_MS = 10_000;
/** Of the time to stop; the rest is for what comes after: HTTP, the relay, connections. */
const DRAIN_SHARE = 0.8;

/**
 * Nest's transport: `@MessagePattern(PlaceOrder.subject)` answers requests, shared with the service's other replicas;
 * `@OnEvent` consumes events. Closing loses nothing: it stops taking, then finishes what it took.
 */
@Injectable()
export class NatsStrategy extends Server implements CustomTransportStrategy {
  private readonly responder: RequestResponder;
  private readonly subscriptions: Subscription[] = [];
  private readonly consumers: EventConsumer[] = [];
  private draining?: Promise<unknown>;

  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    private readonly link: NatsLink,
    private readonly jetStream: JetStream,
    private readonly dispatcher: EventDispatcher,
    private readonly slots: Slots,
    private readonly log: Logger,
    metrics: Metrics,
  ) {
    super();
    this.responder = new RequestResponder(
      options.maxInFlight ?? DEFAULT_MAX_IN_FLIGHT,
      log,
      metrics,
    );
  }

  /** Throws when two handlers want the same subject: Nest would quietly forget the first. */
  override addHandler(
    pattern: string,
    handler: MessageHandler,
    isEventHandler?: boolean,
    extras?: Record<string, unknown>,
  ): void {
    if (this.messageHandlers.has(this.normalizePattern(pattern))) {
      throw new Error(`two handlers for ${pattern}`);
    }
    super.addHandler(pattern, handler, isEventHandler, extras);
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      for (const handler of this.messageHandlers.values()) {
        const subscription = subscriptionOf(handler);
        if (subscription) this.addConsumer(subscription, handler);
      }
      const subscribed = this.subscribe().catch((error: unknown) =>
        this.log.error({ err: error }, 'not all subjects could be subscribed'),
      );
      await within(LISTEN_MS, subscribed);
      for (const consumer of this.consumers) consumer.start();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Takes no more, then waits for what runs and for its replies to leave, for four fifths of `drainMs` at most. May be repeated. */
  async close(): Promise<void> {
    const { drainMs = DEFAULT_DRAIN_MS } = this.options;
    this.draining ??= within(drainMs * DRAIN_SHARE, this.drain());
    await this.draining;
  }

  on(): never {
    throw new Error('NatsStrategy has no events of its own: see NatsLink.onConnect');
  }

  unwrap<T>(): T {
    return this.link.live as T;
  }

  private addConsumer(subscription: EventSubscription, handler: MessageHandler): void {
    this.dispatcher.register(subscription, (delivery) => handleEvent(handler, delivery));
    this.consumers.push(
      new EventConsumer(
        subscription,
        this.slots,
        this.link,
        this.jetStream,
        this.dispatcher,
        this.log,
      ),
    );
  }

  private async subscribe(): Promise<void> {
    const connection = await this.link.connection();
    if (this.draining) return;
    for (const [subject, handler] of this.messageHandlers) {
      if (handler.isEventHandler) continue;
      this.subscriptions.push(
        connection.subscribe(subject, {
          queue: this.options.service,
          callback: (error, message) => {
            if (error) this.log.error({ err: error, subject }, 'subscription failed');
            else this.responder.respond(message, handler);
          },
        }),
      );
    }
    // Whoever is told that we listen may ask at once.
    await connection.flush();
  }

  private async drain(): Promise<void> {
    const { live } = this.link;
    await Promise.all([
      ...this.consumers.map((consumer) => consumer.stop()),
      ...(live ? this.subscriptions.map((subscription) => subscription.drain()) : []),
    ]);
    await this.responder.idle();
    await this.link.live?.flush();
  }
}

function subscriptionOf(handler: MessageHandler): EventSubscription | undefined {
  return handler.extras?.['subscription'] as EventSubscription | undefined;
}

async function handleEvent(
  handler: MessageHandler<EventEnvelope, EventDelivery>,
  delivery: EventDelivery,
): Promise<void> {
  const result: unknown = await handler(delivery.event, delivery);
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
}
