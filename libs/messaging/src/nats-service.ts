import { type RunningService, startService } from '@flotilla/runtime/bootstrap';
import type { Environment, ProcessConfig } from '@flotilla/runtime/config';
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NatsStrategy } from './nats-strategy.js';

/** What a service that answers over NATS is made of. */
export interface NatsServiceParts<Config extends ProcessConfig> {
  name: string;
  /** Its composition root; imports `MessagingModule`. */
  module: { forRoot(config: Config): DynamicModule };
  /** Reads the environment. @throws ConfigError */
  config: (env: Environment) => Config;
  /** What its HTTP port serves besides health and metrics, where that is not a controller. */
  prepare?: (app: NestFastifyApplication) => void;
}

/** The `bootstrap` of a service: starts it on what an environment says. It throws `ConfigError`, or what keeps it from starting. */
export function natsService<Config extends ProcessConfig>({
  name,
  module,
  config: read,
  prepare,
}: NatsServiceParts<Config>): (env: Environment) => Promise<RunningService> {
  return async (env) => {
    const config = read(env);
    return startService({
      name,
      module: module.forRoot(config),
      config,
      prepare,
      strategy: (app) => app.get(NatsStrategy),
    });
  };
}
