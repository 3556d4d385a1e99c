import { type DynamicModule, Module } from '@nestjs/common';
import { BrokerMemory } from './broker-memory.js';
import { DeadLetters } from './dead-letters.js';
import { EventApplier } from './event-applier.js';
import { EventPublisher } from './event-publisher.js';
import { EventRelay } from './event-relay.js';
import { deadLettersController, streamController } from './event-store-operations.js';
import { EVENT_CHANNEL, type EventStoreOptions, serviceOf } from './event-store-options.js';
import { InboxMiddleware } from './inbox.js';
import { Letters } from './letters.js';

/**
 * The inbox and dead letters of a service and, if it has a channel of its own, the relay of its events and
 * `<service>.read-stream.v1`. Needs `DatabaseModule` with `CreateEventStore1767225600000`, and `MessagingModule`.
 */
@Module({})
export class EventStoreModule {
  static forRoot(options: EventStoreOptions): DynamicModule {
    const service = serviceOf(options);
    const producing = 'channel' in options;
    return {
      module: EventStoreModule,
      global: true,
      controllers: [
        deadLettersController(service),
        ...(producing ? [streamController(service)] : []),
      ],
      providers: [
        Letters,
        EventApplier,
        InboxMiddleware,
        DeadLetters,
        ...(producing
          ? [
              { provide: EVENT_CHANNEL, useValue: options.channel },
              BrokerMemory,
              EventPublisher,
              EventRelay,
            ]
          : []),
      ],
      exports: [InboxMiddleware, DeadLetters, ...(producing ? [EventRelay] : [])],
    };
  }
}
