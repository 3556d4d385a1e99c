import { natsService } from '@flotilla/messaging/nats-service';
import { serviceConfig } from '@flotilla/runtime/config';
import { UsersModule } from './users.module.js';

/** Starts users on what an environment says. @throws ConfigError */
export const bootstrap = natsService({
  name: 'users',
  module: UsersModule,
  config: serviceConfig,
});
