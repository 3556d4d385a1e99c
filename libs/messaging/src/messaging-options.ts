import type { Type } from '@nestjs/common';
import type { EventMiddleware } from './events.js';

/** How a service takes part in messaging; what a `ServiceConfig` has of it is spread into it. */
export interface MessagingOptions {
  /** The name of the service: queue group of its requests and name of its connection. */
  service: string;
  /** `nats://user:password@host:port`, several separated by commas. */
  natsUrl: string;
  /** Requests handled at once; more are refused as `unavailable`. Default 256. */
  maxInFlight?: number;
  /** Events handled at once, by all consumers together. Default 16. */
  eventConcurrency?: number;
  /** Copies that the brokers keep of each event. Default 1. */
  natsReplicas?: number;
  /** The longest that the whole service may take to stop, in milliseconds; most of it is for what it has begun. Default 10,000. */
  drainMs?: number;
  /** Runs round every event handler, in this order, after context, log and metrics. Taken from any module. */
  eventMiddleware?: Type<EventMiddleware>[];
}

export const MESSAGING_OPTIONS = Symbol('MessagingOptions');
