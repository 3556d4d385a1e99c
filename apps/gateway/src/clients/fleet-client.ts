import { isAppError } from '@flotilla/contracts/errors';
import type { Operation } from '@flotilla/contracts/operation';
import { type CallOptions, RpcClient } from '@flotilla/messaging/rpc-client';
import { currentContext, remainingMs } from '@flotilla/runtime/request-context';
import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { CircuitBreakers, isOpen } from './circuit-breakers.js';
import { KeptAnswers } from './kept-answers.js';
import { RetryBudget } from './retry-budget.js';

/** Long enough for a replica that is just being replaced to be there again. */
const RETRY_AFTER_MS = 50;
/** What a service has of the two seconds for a request: the rest is for the way, and for saying that it took too long. */
const SERVICE_MS = 1_500;

/** How an answer is wanted. */
export interface AskOptions extends CallOptions {
  /** From the service itself, to decide by; not one that was kept. */
  fresh?: boolean;
}

/**
 * How the gateway asks the services. It is the only layer that retries: idempotent operations, once, when they were
 * refused without being carried out (`unavailable`), within a budget. A service that is away is left alone for a moment.
 */
@Injectable()
export class FleetClient {
  readonly #budget = new RetryBudget();
  readonly #breakers = new CircuitBreakers();

  constructor(
    private readonly rpc: RpcClient,
    private readonly kept: KeptAnswers,
  ) {}

  /** Like `RpcClient.call`, whose errors it throws; waits 1.5 s unless told otherwise. */
  call<Request extends object, Response>(
    operation: Operation<Request, Response>,
    request: Request,
    { fresh = false, ...given }: AskOptions = {},
  ): Promise<Response> {
    const options = { timeoutMs: SERVICE_MS, ...given };
    const ask = () => this.ask(operation, request, options);
    const actor = options.actor ?? currentContext()?.actor;
    return fresh ? ask() : this.kept.answer(operation, request, actor, ask);
  }

  private async ask<Request extends object, Response>(
    operation: Operation<Request, Response>,
    request: Request,
    options: CallOptions,
  ): Promise<Response> {
    const attempt = () => {
      const call = () => this.rpc.call(operation, request, options);
      // Who has no time left to ask learns nothing of the service, and closes it to nobody.
      const isLate = remainingMs(currentContext()) < 1;
      return isLate ? call() : this.#breakers.run(operation.subject, call);
    };
    this.#budget.countCall();
    try {
      return await attempt();
    } catch (error) {
      const retry = operation.idempotent && isAppError(error, 'unavailable') && !isOpen(error);
      if (!retry || !this.#budget.tryRetry()) throw error;
    }
    await sleep(RETRY_AFTER_MS * (0.5 + Math.random()));
    return attempt();
  }
}
