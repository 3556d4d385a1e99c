import { type RunningService, startService } from '@flotilla/runtime/bootstrap';
import type { Environment } from '@flotilla/runtime/config';
import { gatewayConfig } from './config.js';
import { GatewayModule } from './gateway.module.js';
import { prepareEdge } from './http/edge.js';
import { serverOptions } from './http/server-options.js';

/** Starts the gateway. @throws ConfigError */
export async function bootstrap(env: Environment = process.env): Promise<RunningService> {
  const config = gatewayConfig(env);
  return startService({
    name: 'gateway',
    module: GatewayModule.forRoot(config),
    config,
    metrics: false,
    http: serverOptions(config),
    prepare: (app) => prepareEdge(app, config),
  });
}
