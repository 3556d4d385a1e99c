import { IDENTITY_EVENTS } from '@flotilla/contracts/events';
import { EventStoreModule } from '@flotilla/event-store/event-store.module';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import type { ServiceConfig } from '@flotilla/runtime/config';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { type DynamicModule, Module } from '@nestjs/common';
import { IdentityController } from './controllers/identity.controller.js';
import { migrations } from './migrations.js';
import { Accounts } from './accounts.js';

/** Accounts and their roles. */
@Module({})
export class IdentityModule {
  static forRoot(config: ServiceConfig): DynamicModule {
    return {
      module: IdentityModule,
      imports: [
        DatabaseModule.forRoot({ config, migrations }),
        MessagingModule.forRoot({ ...config, service: 'identity' }),
        EventStoreModule.forRoot({ channel: IDENTITY_EVENTS }),
      ],
      controllers: [IdentityController],
      providers: [Accounts],
    };
  }
}
