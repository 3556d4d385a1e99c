import { natsService } from '@flotilla/messaging/nats-service';
import { identityConfig } from './config.js';
import { IdentityModule } from './identity.module.js';
import { mountAuthorizationServer } from './oauth/mount.js';

/** Starts identity on what an environment says. @throws ConfigError */
export const bootstrap = natsService({
  name: 'identity',
  module: IdentityModule,
  config: identityConfig,
  prepare: mountAuthorizationServer,
});
