import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { type RunningService, startService } from '@flotilla/runtime/bootstrap';
import { type Environment, serviceConfig } from '@flotilla/runtime/config';
import { ApiKeysModule } from './api-keys.module.js';

/** Starts api-keys on what the environment says. */
export function bootstrap(env: Environment): Promise<RunningService> {
  const config = serviceConfig(env);
  return startService({
    name: 'api-keys',
    config,
    module: ApiKeysModule.forRoot(config),
    strategy: (app) => app.get(NatsStrategy),
  });
}
