import { type EventChannel, type EventEnvelope, eventSubject } from '@flotilla/contracts/events';
import type { Transaction } from '@flotilla/runtime/database';
import { EventPattern } from '@nestjs/microservices';

/** One attempt to hand an event to a handler. An interface, so that no pipe ever tries to validate it. */
export interface EventDelivery {
  readonly event: EventEnvelope;
  /** Durable name of the consumer, one per handler. */
  readonly consumer: string;
  readonly channel: EventChannel;
  /** 1 for the first attempt; counted by the broker, so attempts that killed the process count too. */
  readonly attempt: number;
  /** Whether it may be applied in one transaction with others (`OnEventOptions.together`). */
  readonly together: boolean;
  /** Trace headers of the publisher. */
  readonly headers: Readonly<Record<string, string>>;
  /** Set by the inbox: what a handler changes in it is kept if and only if the event counts as seen. */
  transaction?: Transaction;
}

/** The rest of the chain, for the same delivery or for another (a gap that was fetched). */
export type NextEvent = (delivery?: EventDelivery) => Promise<void>;

/** Something that happens round every event handler. Throw to have the event delivered again later. */
export interface EventMiddleware {
  handle(delivery: EventDelivery, next: NextEvent): Promise<void>;
}

/** Which events a handler wants, as `@OnEvent` says. */
export interface EventSubscription {
  readonly channel: EventChannel;
  /** `order.*` or `>`: types of events, with NATS wildcards. */
  readonly filter: string;
  readonly consumer: string;
  readonly together: OnEventOptions['together'];
}

/** How a handler wants its events. */
export interface OnEventOptions {
  /**
   * Which events may be applied in one transaction with others of the same consumer, so that all of them share a flush.
   * Their handling must not take a lock that others take in an order of their own. None by default.
   */
  together?: (event: EventEnvelope) => boolean;
}

/**
 * Hands every event of a channel whose type matches to the method, at least once, the events of one stream in order:
 * `handle(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery)`. Throw to get it again after a pause.
 * Take a whole aggregate (`order.*`) and ignore the types that do not matter: the inbox counts versions without gaps.
 *
 * @param consumer names this handler for ever; under a new name it is given again what the broker still keeps: seven days
 */
export function OnEvent(
  channel: EventChannel,
  filter: string,
  consumer: string,
  { together }: OnEventOptions = {},
): MethodDecorator {
  const subscription: EventSubscription = { channel, filter, consumer, together };
  // The consumer is part of the pattern because Nest chains handlers that share one.
  return EventPattern<string>(`${eventSubject(channel, filter)} ${consumer}`, { subscription });
}
