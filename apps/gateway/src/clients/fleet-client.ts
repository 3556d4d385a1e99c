import { isAppError } from '@flotilla/contracts/errors';
import type { Operation } from '@flotilla/contracts/operation';
import { type CallOptions, RpcClient } from '@flotilla/messaging/rpc-client';
import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { RetryBudget } from './retry-budget.js';

/** Long enough for a replica that is just being replaced to be there again. */
const RETRY_AFTER_MS = 50;
/** What a service has of the two seconds for a request: the rest is for the way, and for saying that it took too long. */
const SERVICE_MS = 1_500;

/**
 * How the gateway asks the services. It is the only layer that retries: idempotent operations, once, when they were
 * refused without being carried out (`unavailable`), within a budget.
 */
@Injectable()
export class FleetClient {
  readonly #budget = new RetryBudget();

  constructor(private readonly rpc: RpcClient) {}

  /** Like `RpcClient.call`, whose errors it throws; waits 1.5 s unless told otherwise. */
  async call<Request extends object, Response>(
    operation: Operation<Request, Response>,
    request: Request,
    given?: CallOptions,
  ): Promise<Response> {
    const options = { timeoutMs: SERVICE_MS, ...given };
    this.#budget.countCall();
    try {
      return await this.rpc.call(operation, request, options);
    } catch (error) {
      const retry = operation.idempotent && isAppError(error, 'unavailable');
      if (!retry || !this.#budget.tryRetry()) throw error;
    }
    await sleep(RETRY_AFTER_MS * (0.5 + Math.random()));
    return this.rpc.call(operation, request, options);
  }
}
