import { USERS_EVENTS } from '@flotilla/contracts/events';
import { EventStoreModule } from '@flotilla/event-store/event-store.module';
import { InboxMiddleware } from '@flotilla/event-store/inbox';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import type { ServiceConfig } from '@flotilla/runtime/config';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { type DynamicModule, Module } from '@nestjs/common';
import { UsersController } from './controllers/users.controller.js';
import { migrations } from './migrations.js';
import { Profiles } from './profiles.js';

@Module({ controllers: [UsersController], providers: [Profiles] })
export class UsersModule {
  static forRoot(config: ServiceConfig): DynamicModule {
    const { natsUrl, drainMs } = config;
    return {
      module: UsersModule,
      imports: [
        DatabaseModule.forRoot({ config, migrations }),
        MessagingModule.forRoot({
          service: 'users',
          natsUrl,
          drainMs,
          eventMiddleware: [InboxMiddleware],
        }),
        EventStoreModule.forRoot({ channel: USERS_EVENTS }),
      ],
    };
  }
}
