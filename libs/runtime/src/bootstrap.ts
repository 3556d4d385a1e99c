import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ProcessConfig } from './config.js';
import { HealthModule } from './health.js';
import { HealthRegistry } from './health-registry.js';
import { createLogger, NestLogger } from './logger.js';
import { Metrics } from './metrics.js';
import { RuntimeModule } from './runtime.module.js';
import { startTracing } from './tracing.js';
import { validationPipe } from './validation.js';
import { within } from './waiting.js';

export { runMain } from './run-main.js';

/** A service that answers. */
export interface RunningService {
  readonly name: string;
  /** Where it listens for HTTP. */
  readonly port: number;
  /**
   * Stops taking requests, finishes those in flight, then lets go of NATS and the database. Repeating it does nothing more.
   * @throws Error when that took longer than `drainMs`, after the notice.
   */
  close(): Promise<void>;
}

/** How to start a service. */
export interface ServiceOptions {
  name: string;
  module: Type | DynamicModule;
  config: ProcessConfig;
  /** Whether the port serves `/metrics`; true by default, false for a port that is public. */
  metrics?: boolean;
  /** What answers messages; its `close()` drains, and is called twice. */
  strategy?: (app: NestFastifyApplication) => CustomTransportStrategy;
  /** Last touches before anything is served (the gateway's filters, hooks and limits). */
  prepare?: (app: NestFastifyApplication) => void | Promise<void>;
  /** Options of the HTTP server. */
  http?: ConstructorParameters<typeof FastifyAdapter>[0];
  /** How long it goes on serving once it is to stop and `/readyz` says so, before it takes no more connections; not at all by default. */
  noticeMs?: number;
}

class ServiceModule {}

/**
 * Starts a service: its modules, then its messages, then its HTTP port.
 * `Logger`, `Metrics`, `Clock`, `HealthRegistry` and `SERVICE_NAME` are there for every module; `/healthz`, `/readyz` and
 * `/metrics` for whoever watches over it.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { name, module, config, metrics: servesMetrics = true, noticeMs = 0 } = options;
  const logger = createLogger(name, config.logLevel);
  const metrics = new Metrics(name);
  metrics.watchProcess();
  const flushTraces = await startTracing({ service: name, endpoint: config.otlpEndpoint });

  const app = await NestFactory.create<NestFastifyApplication>(
    {
      module: ServiceModule,
      imports: [
        RuntimeModule.forRoot(name, logger, metrics),
        HealthModule.forRoot({ metrics: servesMetrics }),
        module,
      ],
    },
    new FastifyAdapter(options.http),
    { logger: new NestLogger(logger), abortOnError: false },
  );
  const strategy = options.strategy?.(app);

  const stop = async (): Promise<void> => {
    app.get(HealthRegistry).draining = true;
    // Whoever sends requests here has to hear of it first, or finds nobody.
    await sleep(noticeMs);
    // Messages first: until their handlers are done, hooks have closed nothing that they need.
    await strategy?.close();
    await app.close();
    await flushTraces();
  };

  try {
    if (strategy) app.useGlobalPipes(validationPipe());
    await options.prepare?.(app);
    // Not deferred: Nest would call every provider's start hooks a second time.
    if (strategy) app.connectMicroservice({ strategy }, { inheritAppConfig: true });
    await app.init(); // before the first message, so that none meets a half-made service
    await app.startAllMicroservices();
    await app.listen(config.port, config.host);
  } catch (error) {
    await within(noticeMs + config.drainMs, stop());
    throw error;
  }

  const { port } = app.getHttpServer().address() as AddressInfo;
  logger.info({ host: config.host, port }, 'ready');
  let stopping: Promise<void> | undefined;
  return {
    name,
    port,
    close: () => (stopping ??= inTime(noticeMs + config.drainMs, stop())),
  };
}

/** Rejects when draining fails, or takes longer than `ms`. */
async function inTime(ms: number, draining: Promise<void>): Promise<void> {
  if (!(await within(ms, draining))) throw new Error(`Not drained within ${ms} ms`);
  await draining;
}
