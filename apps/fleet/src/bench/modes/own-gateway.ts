import { pathToFileURL } from 'node:url';
import { freePort } from '@flotilla/servers/ports';
import { entryPoint } from '../../services.js';
import { NODE_FLAGS } from '../../start/service-process.js';
import { Child } from '../child.js';
import type { Target } from '../target.js';

const PERMISSIVE = { RATE_LIMIT_CALLER: '100000000/60', RATE_LIMIT_ANONYMOUS: '100000000/60' };

/** A gateway of the bench's own beside those of the fleet. */
export class OwnGateway {
  private constructor(
    private readonly child: Child,
    readonly url: string,
    /** Where its `/metrics` is. */
    readonly metricsPort: number,
  ) {}

  /** `env`: what it is told otherwise than those of the fleet. */
  static async start(
    { fleet, signal }: Target,
    file: 'main' | 'measurements/unguarded' = 'main',
    env: NodeJS.ProcessEnv = {},
  ): Promise<OwnGateway> {
    const metricsPort = await freePort();
    const told = {
      ...PERMISSIVE,
      PORT: '0',
      METRICS_PORT: String(metricsPort),
      NATS_URL: fleet.natsUrl,
      REDIS_URL: fleet.redisUrl ?? '',
      PUBLIC_URL: fleet.url,
      ...env,
    };
    const options = { flags: NODE_FLAGS, silent: true };
    const child = Child.start(pathToFileURL(entryPoint('gateway', file)), told, options);
    const { port } = await child.message<{ port: number }>(signal);
    return new OwnGateway(child, `http://127.0.0.1:${port}`, metricsPort);
  }

  get pid(): number {
    return this.child.pid;
  }

  end(): Promise<void> {
    return this.child.end();
  }
}
