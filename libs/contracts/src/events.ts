import type { Actor } from './actor.js';
import type { Id } from './ids.js';

/**
 * An event as it is published, fed and sent to webhooks. `version` counts 1…n without a gap per `subject`
 * (the public id or SKU of what it is about).
 */
export interface EventEnvelope<Type extends string = string, Data = unknown> {
  id: Id<'evt'>;
  type: Type;
  version: number;
  subject: string;
  /** The uuid of the stream in its producer's event store. */
  streamId: string;
  /** RFC 3339, UTC, milliseconds. */
  occurredAt: string;
  /** Who caused it, as far as others may know; `system` for what nobody asked for. */
  actor: EventActor;
  data: Data;
}

/** Who caused an event: the user and, if one was used, the key. */
export type EventActor = Pick<Actor, 'userId' | 'keyId' | 'mode'> | { system: string };

/** What events and ledgers say of who asked: who it was, not what they may do. */
export function eventActor({ userId, keyId, mode }: Actor): EventActor {
  return { userId, ...(keyId && { keyId }), mode };
}

/** The JetStream stream that a service publishes its events to, and how it names its subjects. */
export interface EventChannel {
  /** The producing service. */
  readonly producer: string;
  /** JetStream stream name. */
  readonly stream: string;
  /** Every subject of the stream. */
  readonly subjects: string;
}

export function eventChannel(producer: string): EventChannel {
  return { producer, stream: `events-${producer}`, subjects: `events.${producer}.>` };
}

/** The NATS subject an event of this type is published to: `events.orders.order.placed`. */
export function eventSubject(channel: EventChannel, type: string): string {
  return `events.${channel.producer}.${type}`;
}

export const ORDERS_EVENTS = eventChannel('orders');
export const INVENTORY_EVENTS = eventChannel('inventory');
export const IDENTITY_EVENTS = eventChannel('identity');
export const USERS_EVENTS = eventChannel('users');
export const API_KEYS_EVENTS = eventChannel('api-keys');
