import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { EventDispatcher } from './event-dispatcher.js';
import { LogEvents, MeasureEvents, TraceEvents } from './event-observation.js';
import { JetStream } from './jetstream.js';
import { MessageErrorFilter } from './message-error.filter.js';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging-options.js';
import { NatsLink } from './nats-link.js';
import { NatsStrategy } from './nats-strategy.js';
import { RpcClient } from './rpc-client.js';
import { Slots } from './slots.js';

const DEFAULT_EVENT_CONCURRENCY = 16;

/** Requests and events over NATS, for every module of the service. */
@Module({})
export class MessagingModule {
  /** Give `app.get(NatsStrategy)` to `connectMicroservice`, with `inheritAppConfig`, to have handlers called. */
  static forRoot(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [
        { provide: MESSAGING_OPTIONS, useValue: options },
        NatsLink,
        RpcClient,
        JetStream,
        TraceEvents,
        LogEvents,
        MeasureEvents,
        EventDispatcher,
        {
          provide: Slots,
          useFactory: () => new Slots(options.eventConcurrency ?? DEFAULT_EVENT_CONCURRENCY),
        },
        NatsStrategy,
        { provide: APP_FILTER, useClass: MessageErrorFilter },
      ],
      exports: [NatsLink, RpcClient, JetStream, EventDispatcher, Slots, NatsStrategy],
    };
  }
}
