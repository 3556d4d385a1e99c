import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { type RunningService, startService } from '@flotilla/runtime/bootstrap';
import type { Environment } from '@flotilla/runtime/config';
import { config } from './config.js';
import { OrdersModule } from './orders.module.js';

/** Starts the service with what the environment says. Throws `ConfigError`, or what keeps it from starting. */
export function bootstrap(env: Environment): Promise<RunningService> {
  const settings = config(env);
  return startService({
    name: 'orders',
    module: OrdersModule.forRoot(settings),
    config: settings,
    strategy: (app) => app.get(NatsStrategy),
  });
}
