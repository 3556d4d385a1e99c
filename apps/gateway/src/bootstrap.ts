import { type RunningService, startService } from '@flotilla/runtime/bootstrap';
import type { Environment } from '@flotilla/runtime/config';
import type { DynamicModule } from '@nestjs/common';
import { gatewayConfig } from './config.js';
import { GatewayModule } from './gateway.module.js';
import { prepareEdge } from './http/edge.js';
import { serverOptions } from './http/server-options.js';
import { forwardToIdentity } from './oauth/identity-forwarding.js';
import { meterRequests } from './usage/meter-requests.js';

/** Starts the gateway; `as` may make another module of its own. @throws ConfigError */
export async function bootstrap(
  env: Environment = process.env,
  as: (gateway: DynamicModule) => DynamicModule = (gateway) => gateway,
): Promise<RunningService> {
  const config = gatewayConfig(env);
  return startService({
    name: 'gateway',
    module: as(GatewayModule.forRoot(config)),
    config,
    metrics: false,
    http: serverOptions(config),
    noticeMs: config.noticeMs,
    prepare: (app) => {
      prepareEdge(app, config);
      forwardToIdentity(app, config);
      meterRequests(app);
    },
  });
}
