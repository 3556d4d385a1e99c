import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { AccessCheck } from './auth/access-check.js';
import { AccessGuard } from './auth/access.guard.js';
import { ApiKeyAuthenticator } from './auth/api-key-authenticator.js';
import { FleetClient } from './clients/fleet-client.js';
import { GATEWAY_CONFIG, type GatewayConfig } from './config.js';
import { RequestPipe } from './http/request.pipe.js';
import { ImportStock } from './import/import-stock.js';
import { MetricsServer } from './metrics-server.js';
import { ApiKeysController } from './rest/api-keys.controller.js';
import { InventoryController } from './rest/inventory.controller.js';
import { OrdersController } from './rest/orders.controller.js';
import { ProductsController } from './rest/products.controller.js';
import { UsersControllerV1 } from './rest/v1/users.controller.js';
import { UsersControllerV2 } from './rest/v2/users.controller.js';

/** Everything that is reachable from outside. */
@Module({})
export class GatewayModule {
  static forRoot(config: GatewayConfig): DynamicModule {
    return {
      module: GatewayModule,
      imports: [MessagingModule.forRoot({ ...config, service: 'gateway' }), DiscoveryModule],
      controllers: [
        ApiKeysController,
        InventoryController,
        OrdersController,
        ProductsController,
        UsersControllerV1,
        UsersControllerV2,
      ],
      providers: [
        { provide: GATEWAY_CONFIG, useValue: config },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_PIPE, useClass: RequestPipe },
        AccessCheck,
        ApiKeyAuthenticator,
        FleetClient,
        ImportStock,
        MetricsServer,
      ],
    };
  }
}
