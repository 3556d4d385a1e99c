import type { EventChannel } from '@flotilla/contracts/events';

/** A service with events of its own gives its channel, and where its relay listens for them; one that only consumes its name. */
export type EventStoreOptions =
  { channel: EventChannel; databaseUrl: string } | { service: string };

/** The name under which a service answers for its store. */
export function serviceOf(options: EventStoreOptions): string {
  return 'channel' in options ? options.channel.producer : options.service;
}

/** Token of the service's own `EventChannel`. */
export const EVENT_CHANNEL = Symbol('EventChannel');

/** Token of the URL of the database where the relay listens. */
export const LISTEN_URL = Symbol('ListenUrl');
