import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { type RunningService, startService } from '@flotilla/runtime/bootstrap';
import { type Environment, serviceConfig } from '@flotilla/runtime/config';
import { UsersModule } from './users.module.js';

/** Starts users on what the environment says. */
export function bootstrap(env: Environment): Promise<RunningService> {
  const config = serviceConfig(env);
  return startService({
    name: 'users',
    config,
    module: UsersModule.forRoot(config),
    strategy: (app) => app.get(NatsStrategy),
  });
}
