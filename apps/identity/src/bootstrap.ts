import { natsService } from '@flotilla/messaging/nats-service';
import { serviceConfig } from '@flotilla/runtime/config';
import { IdentityModule } from './identity.module.js';

/** Starts identity on what an environment says. @throws ConfigError */
export const bootstrap = natsService({
  name: 'identity',
  module: IdentityModule,
  config: serviceConfig,
});
