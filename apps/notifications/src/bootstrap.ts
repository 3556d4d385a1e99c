import { natsService } from '@flotilla/messaging/nats-service';
import { notificationsConfig } from './config.js';
import { NotificationsModule } from './notifications.module.js';

/** Starts notifications on what an environment says. @throws ConfigError */
export const bootstrap = natsService({
  name: 'notifications',
  module: NotificationsModule,
  config: notificationsConfig,
});
