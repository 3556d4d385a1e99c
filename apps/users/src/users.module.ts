import { USERS_EVENTS } from '@flotilla/contracts/events';
import { EventStoreModule } from '@flotilla/event-store/event-store.module';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { InboxMiddleware } from '@flotilla/event-store/inbox';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import type { ServiceConfig } from '@flotilla/runtime/config';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { type DynamicModule, Module } from '@nestjs/common';
import { IdentityAccounts } from './clients/identity-accounts.js';
import { AddressesController } from './controllers/addresses.controller.js';
import { UsersController } from './controllers/users.controller.js';
import { migrations } from './migrations.js';
import { AddressQueries } from './repositories/address.queries.js';
import { AddressesRepository } from './repositories/addresses.repository.js';
import { UserQueries } from './repositories/user.queries.js';
import { UsersRepository } from './repositories/users.repository.js';
import { AddAddress } from './use-cases/add-address.js';
import { ChangeAddress } from './use-cases/change-address.js';
import { ChangePreferences } from './use-cases/change-preferences.js';
import { ChangeProfile } from './use-cases/change-profile.js';
import { ChangeUser } from './use-cases/change-user.js';
import { GetUser } from './use-cases/get-user.js';
import { HearAccount } from './use-cases/hear-account.js';
import { Accounts, Addresses, Users } from './use-cases/ports.js';
import { RemoveAddress } from './use-cases/remove-address.js';

/** Profiles, preferences and addresses of those who registered with identity. */
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
      controllers: [UsersController, AddressesController],
      providers: [
        IdempotentRequests,
        AddAddress,
        ChangeAddress,
        ChangePreferences,
        ChangeProfile,
        ChangeUser,
        GetUser,
        HearAccount,
        RemoveAddress,
        AddressQueries,
        UserQueries,
        { provide: Users, useClass: UsersRepository },
        { provide: Addresses, useClass: AddressesRepository },
        { provide: Accounts, useClass: IdentityAccounts },
      ],
    };
  }
}
