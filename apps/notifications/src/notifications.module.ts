import { EventStoreModule } from '@flotilla/event-store/event-store.module';
import { InboxMiddleware } from '@flotilla/event-store/inbox';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { type DynamicModule, Module } from '@nestjs/common';
import type { NotificationsConfig } from './config.js';
import { migrations } from './migrations.js';
import { FeedModule } from './feed.module.js';
import { MailModule } from './mail/mail.module.js';
import { WebhooksModule } from './webhooks.module.js';

/** The feed of all events, webhooks and mails. */
@Module({})
export class NotificationsModule {
  static forRoot(config: NotificationsConfig): DynamicModule {
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
        FeedModule,
        MailModule.forRoot(config.mail),
        WebhooksModule.forRoot(config.webhooks),
      ],
    };
  }
}
