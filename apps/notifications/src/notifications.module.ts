import { EventStoreModule } from '@flotilla/event-store/event-store.module';
import { InboxMiddleware } from '@flotilla/event-store/inbox';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import type { ServiceConfig } from '@flotilla/runtime/config';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { type DynamicModule, Module } from '@nestjs/common';
import { NotificationsController } from './controllers/notifications.controller.js';
import { migrations } from './migrations.js';
import { Feed } from './feed.js';

/** The feed of all events. */
@Module({})
export class NotificationsModule {
  static forRoot(config: ServiceConfig): DynamicModule {
    return {
      module: NotificationsModule,
      imports: [
        DatabaseModule.forRoot({ config, migrations }),
        MessagingModule.forRoot({
          ...config,
          service: 'notifications',
          // The feed takes one event at a time: more would only wait for its lock, each with a connection.
          eventConcurrency: 1,
          eventMiddleware: [InboxMiddleware],
        }),
        EventStoreModule.forRoot({ service: 'notifications' }),
      ],
      controllers: [NotificationsController],
      providers: [Feed],
    };
  }
}
