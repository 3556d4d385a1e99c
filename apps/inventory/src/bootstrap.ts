import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { type RunningService, startService } from '@flotilla/runtime/bootstrap';
import type { Environment } from '@flotilla/runtime/config';
import { config } from './config.js';
import { InventoryModule } from './inventory.module.js';

/** Starts inventory with the configuration of an environment. */
export function bootstrap(env: Environment): Promise<RunningService> {
  const settings = config(env);
  return startService({
    name: 'inventory',
    module: InventoryModule.forRoot(settings),
    config: settings,
    strategy: (app) => app.get(NatsStrategy),
  });
}
