import type { Type } from '@nestjs/common';
import type { EventMiddleware } from './events.js';

/** How a service takes part in messaging. */
export interface MessagingOptions {
  /** The name of the service: queue group of its requests and name of its connection. */
  service: string;
  /** `nats://user:password@host:port`, several separated by commas. */
  natsUrl: string;
  /** Requests handled at once; more are refused as `unavailable`. Default 256. */
  maxInFlight?: number;
  /** Copies that the broker keeps of each event. Default 1. */
  replicas?: number;
  /** How long a stopping service waits for what it has begun, in milliseconds. Default 8000. */
  drainMs?: number;
  /** Runs round every event handler, in this order, after context, log and metrics. Taken from any module. */
  eventMiddleware?: Type<EventMiddleware>[];
}

export const MESSAGING_OPTIONS = Symbol('MessagingOptions');
