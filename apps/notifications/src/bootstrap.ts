import { natsService } from '@flotilla/messaging/nats-service';
import { serviceConfig } from '@flotilla/runtime/config';
import { NotificationsModule } from './notifications.module.js';

/** Starts notifications on what an environment says. @throws ConfigError */
export const bootstrap = natsService({
  name: 'notifications',
  module: NotificationsModule,
  config: serviceConfig,
});
