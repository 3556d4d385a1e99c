import { startMetricsServer } from '@flotilla/runtime/health';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { GATEWAY_CONFIG, type GatewayConfig } from './config.js';

/** `/metrics` on a port of its own, because the gateway's is public. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  #server?: Awaited<ReturnType<typeof startMetricsServer>>;

  constructor(
    private readonly metrics: Metrics,
    private readonly logger: Logger,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { host, metricsPort } = this.config;
    this.#server = await startMetricsServer(this.metrics, host, metricsPort);
    this.logger.info({ host, port: this.#server.port }, 'metrics are served');
  }

  /** Where it listens; undefined before it does. */
  get port(): number | undefined {
    return this.#server?.port;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#server?.close();
  }
}
