import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Controller,
  type DynamicModule,
  Get,
  Header,
  Module,
  Res,
  ServiceUnavailableException,
} from '@nestjs/common';
import {
  type HealthCheckResult,
  HealthCheckService,
  HealthIndicatorService,
  TerminusModule,
} from '@nestjs/terminus';
import { HealthRegistry } from './health-registry.js';
import { Metrics } from './metrics.js';

export { HealthRegistry } from './health-registry.js';

const CHECK_TIMEOUT_MS = 1000;

/** What `/readyz` says: every dependency by name, without the reason, since the gateway's is public. */
export interface Readiness {
  status: 'ok' | 'unavailable';
  checks: Record<string, 'up' | 'down'>;
}

interface StatusReply {
  status(code: number): unknown;
}

@Controller()
class HealthController {
  constructor(
    private readonly terminus: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly registry: HealthRegistry,
  ) {}

  /** The process runs and its event loop turns; what it depends on is the business of `/readyz`. */
  @Get('healthz')
  @Header('cache-control', 'no-store')
  alive(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: StatusReply): Promise<Readiness> {
    const checks = await this.runChecks();
    const ready = !this.registry.draining && Object.values(checks).every((state) => state === 'up');
    if (!ready) reply.status(503);
    return { status: ready ? 'ok' : 'unavailable', checks };
  }

  private async runChecks(): Promise<Readiness['checks']> {
    const attempts = [...this.registry.entries()].map(([name, check]) =>
      this.indicators.check(name).attempt(check).withTimeout(CHECK_TIMEOUT_MS),
    );
    const { details } = await this.terminus.check(attempts).catch((error: unknown) => {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      return error.getResponse() as HealthCheckResult;
    });
    return Object.fromEntries(
      Object.entries(details).map(([name, { status }]) => [name, status === 'up' ? 'up' : 'down']),
    );
  }
}

@Controller()
class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get('metrics')
  async read(@Res({ passthrough: true }) reply: { type(media: string): unknown }): Promise<string> {
    reply.type(this.metrics.contentType);
    return this.metrics.text();
  }
}

/** `/healthz` and `/readyz`, and `/metrics` where the port is private. */
@Module({})
export class HealthModule {
  static forRoot(options: { metrics: boolean }): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController, ...(options.metrics ? [MetricsController] : [])],
    };
  }
}

/** A server that answers nothing but `/metrics`, for a process whose own port is public. */
export async function startMetricsServer(
  metrics: Metrics,
  host: string,
  port: number,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
