import { type DynamicModule, Module } from '@nestjs/common';
import { BrokerMemory } from './broker-memory.js';
import { DeadLetters } from './dead-letters.js';
import { EventApplier } from './event-applier.js';
import { EventCatchUp } from './event-catch-up.js';
import { EventPublisher } from './event-publisher.js';
import { EventRelay } from './event-relay.js';
import { deadLettersController, streamController } from './event-store-operations.js';
import { EVENT_CHANNEL, type EventStoreOptions, serviceOf } from './event-store-options.js';
import { InboxMiddleware } from './inbox.js';
import { Letters } from './letters.js';

/**
 * The inbox and dead letters of a service and, if it has a channel of its own, the relay of its events,
 * `<service>.read-stream.v1` and `<service>.read-log.v1`. Needs `DatabaseModule` with `CreateEventStore1767225600000` and
 * `AllowRedaction1769200100000`, and `MessagingModule`.
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
        EventCatchUp,
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
      exports: [
        InboxMiddleware,
        DeadLetters,
        EventApplier,
        EventCatchUp,
        ...(producing ? [EventRelay] : []),
      ],
    };
  }
}
