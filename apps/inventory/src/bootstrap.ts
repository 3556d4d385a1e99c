import { natsService } from '@flotilla/messaging/nats-service';
import { inventoryConfig } from './config.js';
import { InventoryModule } from './inventory.module.js';

/** Starts inventory on what an environment says. @throws ConfigError */
export const bootstrap = natsService({
  name: 'inventory',
  module: InventoryModule,
  config: inventoryConfig,
});
