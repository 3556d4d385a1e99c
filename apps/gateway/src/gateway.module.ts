import { CacheModule } from '@flotilla/cache/cache.module';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { RevocationsModule } from '@flotilla/revocation/revocations.module';
import { RedisModule } from '@flotilla/runtime/redis.module';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { AccessCheck } from './auth/access-check.js';
import { AccessTokenStrategy } from './auth/access-token.strategy.js';
import { Admission } from './auth/admission.guard.js';
import { ApiKeyStrategy } from './auth/api-key.strategy.js';
import { Authenticate } from './auth/authenticate.guard.js';
import { DpopProofs } from './auth/dpop-proofs.js';
import { KeyVerifier } from './auth/key-verifier.js';
import { SigningKeys } from './auth/signing-keys.js';
import { TokenVerifier } from './auth/token-verifier.js';
import { UsedProofs } from './auth/used-proofs.js';
import { FleetClient } from './clients/fleet-client.js';
import { KEPT_UNTIL, KeptAnswers } from './clients/kept-answers.js';
import { GATEWAY_CONFIG, type GatewayConfig } from './config.js';
import { GraphqlController } from './graphql/graphql.controller.js';
import { GraphqlErrors } from './graphql/graphql-errors.js';
import { graphqlModule } from './graphql/graphql-module.js';
import { Operations } from './graphql/operations.js';
import { RESOLVERS } from './graphql/resolvers/resolvers.js';
import { LoadShedder } from './http/load-shedder.js';
import { RequestPipe } from './http/request.pipe.js';
import { ImportStock } from './import/import-stock.js';
import { MetricsServer } from './metrics-server.js';
import { FailedAuthentications } from './rate-limit/failed-authentications.js';
import { AddressLimit, CallerLimit } from './rate-limit/limit.guards.js';
import { RateLimiter } from './rate-limit/rate-limiter.js';
import { ApiKeysController } from './rest/api-keys.controller.js';
import { AuditEventsController } from './rest/audit-events.controller.js';
import { EventsController } from './rest/events.controller.js';
import { GrantsController } from './rest/grants.controller.js';
import { InventoryController } from './rest/inventory.controller.js';
import { OAuthClientsController } from './rest/oauth-clients.controller.js';
import { OrdersController } from './rest/orders.controller.js';
import { ProductsController } from './rest/products.controller.js';
import { AddressesController } from './rest/users/addresses.controller.js';
import { PreferencesController } from './rest/users/preferences.controller.js';
import { UsersController } from './rest/users/users.controller.js';
import { WebhookEndpointsController } from './rest/webhook-endpoints.controller.js';
import { KeyUsageMeter } from './usage/key-usage-meter.js';
import { QuotaBlocks } from './usage/quota-blocks.js';
import { QuotaGuard } from './usage/quota.guard.js';

/** Everything that is reachable from outside. */
@Module({})
export class GatewayModule {
  static forRoot(config: GatewayConfig): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        MessagingModule.forRoot({ ...config, service: 'gateway' }),
        RevocationsModule.forRoot({ services: ['identity', 'api-keys'] }),
        RedisModule.forRoot(config),
        CacheModule.forRoot(config, { events: KEPT_UNTIL }),
        DiscoveryModule,
        graphqlModule,
      ],
      controllers: [
        ApiKeysController,
        AuditEventsController,
        EventsController,
        GrantsController,
        GraphqlController,
        InventoryController,
        OAuthClientsController,
        OrdersController,
        ProductsController,
        // Ahead of /users/{id}.
        AddressesController,
        PreferencesController,
        UsersController,
        WebhookEndpointsController,
      ],
      providers: [
        { provide: GATEWAY_CONFIG, useValue: config },
        { provide: APP_GUARD, useClass: Admission },
        { provide: APP_PIPE, useClass: RequestPipe },
        AccessCheck,
        AccessTokenStrategy,
        AddressLimit,
        ApiKeyStrategy,
        Authenticate,
        CallerLimit,
        DpopProofs,
        FailedAuthentications,
        FleetClient,
        GraphqlErrors,
        ImportStock,
        KeptAnswers,
        KeyUsageMeter,
        KeyVerifier,
        LoadShedder,
        MetricsServer,
        Operations,
        QuotaBlocks,
        QuotaGuard,
        SigningKeys,
        TokenVerifier,
        UsedProofs,
        RateLimiter,
        ...RESOLVERS,
      ],
    };
  }
}
