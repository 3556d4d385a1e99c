import type { EventChannel } from '@flotilla/contracts/events';

/** A service with events of its own gives its channel; one that only consumes its name. */
export type EventStoreOptions = { channel: EventChannel } | { service: string };

/** The name under which a service answers for its store. */
export function serviceOf(options: EventStoreOptions): string {
  return 'channel' in options ? options.channel.producer : options.service;
}

/** Token of the service's own `EventChannel`. */
export const EVENT_CHANNEL = Symbol('EventChannel');
