import { API_KEYS_EVENTS } from '@flotilla/contracts/events';
import { EventStoreModule } from '@flotilla/event-store/event-store.module';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import type { ServiceConfig } from '@flotilla/runtime/config';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { type DynamicModule, Module } from '@nestjs/common';
import { IdentityAccountRoles } from './clients/account-roles.js';
import { ApiKeysController } from './controllers/api-keys.controller.js';
import { migrations } from './migrations.js';
import { ApiKeyQueries } from './repositories/api-key.queries.js';
import { PostgresApiKeysUnitOfWork } from './repositories/unit-of-work.js';
import { CreateApiKeyUseCase } from './use-cases/create-api-key.js';
import { AccountRoles, ApiKeysUnitOfWork } from './use-cases/ports.js';
import { RevokeApiKeyUseCase } from './use-cases/revoke-api-key.js';

/** Keys and what each may do. */
@Module({})
export class ApiKeysModule {
  static forRoot(config: ServiceConfig): DynamicModule {
    return {
      module: ApiKeysModule,
      imports: [
        DatabaseModule.forRoot({ config, migrations }),
        MessagingModule.forRoot({ ...config, service: 'api-keys' }),
        EventStoreModule.forRoot({ channel: API_KEYS_EVENTS }),
      ],
      controllers: [ApiKeysController],
      providers: [
        IdempotentRequests,
        CreateApiKeyUseCase,
        RevokeApiKeyUseCase,
        ApiKeyQueries,
        { provide: ApiKeysUnitOfWork, useClass: PostgresApiKeysUnitOfWork },
        { provide: AccountRoles, useClass: IdentityAccountRoles },
      ],
    };
  }
}
