import { EventStoreModule } from '@flotilla/event-store/event-store.module';
import { InboxMiddleware } from '@flotilla/event-store/inbox';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import type { ServiceConfig } from '@flotilla/runtime/config';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { type DynamicModule, Module } from '@nestjs/common';
import { NotificationsController } from './controllers/notifications.controller.js';
import { migrations } from './migrations.js';
import { Feed } from './feed.js';

@Module({ controllers: [NotificationsController], providers: [Feed] })
export class NotificationsModule {
  static forRoot(config: ServiceConfig): DynamicModule {
    const { natsUrl, drainMs } = config;
    return {
      module: NotificationsModule,
      imports: [
        DatabaseModule.forRoot({ config, migrations }),
        MessagingModule.forRoot({
          service: 'notifications',
          natsUrl,
          drainMs,
          eventMiddleware: [InboxMiddleware],
        }),
        EventStoreModule.forRoot({ service: 'notifications' }),
      ],
    };
  }
}
