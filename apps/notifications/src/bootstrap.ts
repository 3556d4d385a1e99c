import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { type RunningService, startService } from '@flotilla/runtime/bootstrap';
import { type Environment, serviceConfig } from '@flotilla/runtime/config';
import { NotificationsModule } from './notifications.module.js';

/** Starts notifications on what the environment says. */
export function bootstrap(env: Environment): Promise<RunningService> {
  const config = serviceConfig(env);
  return startService({
    name: 'notifications',
    config,
    module: NotificationsModule.forRoot(config),
    strategy: (app) => app.get(NatsStrategy),
  });
}
