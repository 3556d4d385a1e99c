import type { EventEnvelope } from '@flotilla/contracts/events';
import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { LogEvents, MeasureEvents, TraceEvents } from './event-observation.js';
import type { EventDelivery, EventMiddleware, EventSubscription, NextEvent } from './events.js';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging-options.js';

type Deliver = (delivery: EventDelivery) => Promise<void>;

/** What the broker knows of a delivery besides the event. */
export type DeliveryFacts = Pick<EventDelivery, 'attempt' | 'headers' | 'together'>;

/** Every event handler of the service by the name of its consumer, with the middleware round it. */
@Injectable()
export class EventDispatcher {
  private readonly handlers = new Map<
    string,
    { subscription: EventSubscription; deliver: Deliver }
  >();

  constructor(
    private readonly modules: ModuleRef,
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    private readonly trace: TraceEvents,
    private readonly log: LogEvents,
    private readonly measure: MeasureEvents,
  ) {}

  /** Adds a handler. Throws when another already has the consumer's name. */
  register(subscription: EventSubscription, handler: Deliver): void {
    const { consumer } = subscription;
    if (this.handlers.has(consumer)) throw new Error(`two event handlers are named ${consumer}`);
    this.handlers.set(consumer, { subscription, deliver: chain(this.middleware(), handler) });
  }

  /** Runs the handler of a consumer, middleware and all, as if the broker had delivered. Throws what they throw. */
  async dispatch(
    consumer: string,
    event: EventEnvelope,
    facts: DeliveryFacts = { attempt: 1, headers: {}, together: false },
  ): Promise<void> {
    const registered = this.handlers.get(consumer);
    if (!registered) throw new Error(`no event handler is named ${consumer}`);
    const { subscription, deliver } = registered;
    await deliver({ event, consumer, channel: subscription.channel, ...facts });
  }

  /** Looked up only now: the classes belong to modules that may be made after this one. */
  private middleware(): EventMiddleware[] {
    const given = (this.options.eventMiddleware ?? []).map((type) =>
      this.modules.get<EventMiddleware>(type, { strict: false }),
    );
    return [this.trace, this.log, this.measure, ...given];
  }
}

function chain(middleware: readonly EventMiddleware[], handler: Deliver): Deliver {
  return middleware.reduceRight<Deliver>(
    (deliver, outer) => (delivery) => {
      const next: NextEvent = (other = delivery) => deliver(other);
      return outer.handle(delivery, next);
    },
    handler,
  );
}
