import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '@flotilla/contracts/actor';
import { isAppError } from '@flotilla/contracts/errors';
import type { Operation } from '@flotilla/contracts/operation';
import { NatsLink } from '@flotilla/messaging/nats-link';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { HealthRegistry } from '@flotilla/runtime/health-registry';
import { createLogger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';

const CALL_TIMEOUT_MS = 5_000;
const PATIENCE_MS = 30_000;
const RETRY_MS = 200;

/** Asks services directly over NATS, as somebody who runs the fleet may. */
export class Operator {
  private constructor(
    private readonly link: NatsLink,
    private readonly rpc: RpcClient,
  ) {}

  /** @throws Error when NATS cannot be reached within half a minute */
  static async connect(natsUrl: string): Promise<Operator> {
    const logger = createLogger('fleet', 'silent');
    const link = new NatsLink({ service: 'fleet', natsUrl }, logger, new HealthRegistry());
    link.onModuleInit();
    try {
      await link.connection(AbortSignal.timeout(PATIENCE_MS));
    } catch {
      await link.onApplicationShutdown();
      throw new Error('NATS cannot be reached');
    }
    return new Operator(link, new RpcClient(link, new Metrics('fleet')));
  }

  /** Asks until the service is there, for half a minute; a refusal is an answer. */
  async call<Request extends object, Response>(
    operation: Operation<Request, Response>,
    request: Request,
    actor?: Actor,
  ): Promise<Response> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await this.rpc.call(operation, request, { timeoutMs: CALL_TIMEOUT_MS, actor });
      } catch (error) {
        const mayRetry = isAppError(error, 'unavailable') && performance.now() < deadline;
        if (!mayRetry) throw error;
        await sleep(RETRY_MS);
      }
    }
  }

  async close(): Promise<void> {
    await this.link.onApplicationShutdown();
  }
}
