import { API_KEYS_EVENTS } from '@flotilla/contracts/events';
import { EventStoreModule } from '@flotilla/event-store/event-store.module';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { InboxMiddleware } from '@flotilla/event-store/inbox';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { RevocationFeed } from '@flotilla/revocation/revocation-feed';
import { RevocationFeedModule } from '@flotilla/revocation/revocation-feed.module';
import type { ServiceConfig } from '@flotilla/runtime/config';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { type DynamicModule, Module } from '@nestjs/common';
import { IdentityAccountRoles } from './clients/account-roles.js';
import { AccountEventsController } from './controllers/account-events.controller.js';
import { ApiKeysController } from './controllers/api-keys.controller.js';
import { KeyUsageController } from './controllers/key-usage.controller.js';
import { migrations } from './migrations.js';
import { ApiKeyQueries } from './repositories/api-key.queries.js';
import { KeyQuotaRepository } from './repositories/key-quota.repository.js';
import { KeyUsageRepository } from './repositories/key-usage.repository.js';
import { PostgresApiKeysUnitOfWork } from './repositories/unit-of-work.js';
import { AuthenticateKeyUseCase } from './use-cases/authenticate-key.js';
import { CreateApiKeyUseCase } from './use-cases/create-api-key.js';
import { EraseOwner } from './use-cases/erase-owner.js';
import { AccountRoles, ApiKeysUnitOfWork, KeysByHash, Revocation } from './use-cases/ports.js';
import { ChangeApiKeyUseCase } from './use-cases/change-api-key.js';
import { RotateApiKeyUseCase } from './use-cases/rotate-api-key.js';
import { RevokeApiKeyUseCase } from './use-cases/revoke-api-key.js';
import { VerifyKeyUseCase } from './use-cases/verify-key.js';

/** Keys and what each may do. */
@Module({})
export class ApiKeysModule {
  static forRoot(config: ServiceConfig): DynamicModule {
    return {
      module: ApiKeysModule,
      imports: [
        DatabaseModule.forRoot({ config, migrations }),
        MessagingModule.forRoot({
          ...config,
          service: 'api-keys',
          eventMiddleware: [InboxMiddleware],
        }),
        EventStoreModule.forRoot({ channel: API_KEYS_EVENTS }),
        RevocationFeedModule.forRoot({ service: 'api-keys' }),
      ],
      controllers: [ApiKeysController, KeyUsageController, AccountEventsController],
      providers: [
        IdempotentRequests,
        AuthenticateKeyUseCase,
        CreateApiKeyUseCase,
        ChangeApiKeyUseCase,
        RotateApiKeyUseCase,
        RevokeApiKeyUseCase,
        VerifyKeyUseCase,
        EraseOwner,
        ApiKeyQueries,
        KeyUsageRepository,
        KeyQuotaRepository,
        { provide: ApiKeysUnitOfWork, useClass: PostgresApiKeysUnitOfWork },
        { provide: AccountRoles, useClass: IdentityAccountRoles },
        { provide: KeysByHash, useExisting: ApiKeyQueries },
        { provide: Revocation, useExisting: RevocationFeed },
      ],
    };
  }
}
