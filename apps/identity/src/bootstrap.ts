import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { type RunningService, startService } from '@flotilla/runtime/bootstrap';
import { type Environment, serviceConfig } from '@flotilla/runtime/config';
import { IdentityModule } from './identity.module.js';

/** Starts identity on what the environment says. */
export function bootstrap(env: Environment): Promise<RunningService> {
  const config = serviceConfig(env);
  return startService({
    name: 'identity',
    config,
    module: IdentityModule.forRoot(config),
    strategy: (app) => app.get(NatsStrategy),
  });
}
