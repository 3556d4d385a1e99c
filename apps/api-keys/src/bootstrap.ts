import { natsService } from '@flotilla/messaging/nats-service';
import { serviceConfig } from '@flotilla/runtime/config';
import { ApiKeysModule } from './api-keys.module.js';

/** Starts api-keys on what an environment says. @throws ConfigError */
export const bootstrap = natsService({
  name: 'api-keys',
  module: ApiKeysModule,
  config: serviceConfig,
});
