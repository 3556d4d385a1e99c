import { natsService } from '@flotilla/messaging/nats-service';
import { ordersConfig } from './config.js';
import { OrdersModule } from './orders.module.js';

/** Starts orders on what an environment says. @throws ConfigError */
export const bootstrap = natsService({
  name: 'orders',
  module: OrdersModule,
  config: ordersConfig,
});
