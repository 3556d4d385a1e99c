import { type DynamicModule, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { HealthRegistry } from './health-registry.js';
import { Logger } from './logger.js';
import { Metrics } from './metrics.js';

/** Token of the service's name. */
export const SERVICE_NAME = Symbol('SERVICE_NAME');

/** What every module may ask for: `Logger`, `Metrics`, `Clock`, `HealthRegistry`, `SERVICE_NAME`. */
@Module({})
export class RuntimeModule {
  static forRoot(service: string, logger: Logger, metrics = new Metrics(service)): DynamicModule {
    return {
      module: RuntimeModule,
      global: true,
      providers: [
        { provide: SERVICE_NAME, useValue: service },
        { provide: Logger, useValue: logger },
        { provide: Metrics, useValue: metrics },
        { provide: Clock, useClass: SystemClock },
        HealthRegistry,
      ],
      exports: [SERVICE_NAME, Logger, Metrics, Clock, HealthRegistry],
    };
  }
}
