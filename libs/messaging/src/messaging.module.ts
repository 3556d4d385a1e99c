import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { EventDispatcher } from './event-dispatcher.js';
import { LogEvents, MeasureEvents, TraceEvents } from './event-observation.js';
import { JetStream } from './jetstream.js';
import { MessageErrorFilter } from './message-error.filter.js';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging-options.js';
import { NatsLink } from './nats-link.js';
import { NatsStrategy } from './nats-strategy.js';
import { RpcClient } from './rpc-client.js';

/** Requests and events over NATS, for every module of the service. */
@Module({})
export class MessagingModule {
  /** For a service that answers requests or handles events: give `app.get(NatsStrategy)` to `connectMicroservice`. */
  static forRoot(options: MessagingOptions): DynamicModule {
    const answering: Provider[] = [
      TraceEvents,
      LogEvents,
      MeasureEvents,
      EventDispatcher,
      NatsStrategy,
      { provide: APP_FILTER, useClass: MessageErrorFilter },
    ];
    return messagingModule(
      options,
      [JetStream, ...answering],
      [JetStream, EventDispatcher, NatsStrategy],
    );
  }

  /** For an app that only asks: no global error filter that would meet with its own. */
  static forCaller(options: Pick<MessagingOptions, 'service' | 'natsUrl'>): DynamicModule {
    return messagingModule(options, [], []);
  }
}

function messagingModule(
  options: MessagingOptions,
  providers: Provider[],
  exported: Provider[],
): DynamicModule {
  return {
    module: MessagingModule,
    global: true,
    providers: [
      { provide: MESSAGING_OPTIONS, useValue: options },
      NatsLink,
      RpcClient,
      ...providers,
    ],
    exports: [NatsLink, RpcClient, ...exported] as DynamicModule['exports'],
  };
}
