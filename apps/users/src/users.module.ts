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

/** Profiles, which follow the registrations of identity. */
@Module({})
export class UsersModule {
  static forRoot(config: ServiceConfig): DynamicModule {
    return {
      module: UsersModule,
      imports: [
        DatabaseModule.forRoot({ config, migrations }),
        MessagingModule.forRoot({
          ...config,
          service: 'users',
          eventMiddleware: [InboxMiddleware],
        }),
        EventStoreModule.forRoot({ channel: USERS_EVENTS }),
      ],
      controllers: [UsersController],
      providers: [Profiles],
    };
  }
}
