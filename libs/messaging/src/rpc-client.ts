import type { Actor } from '@flotilla/contracts/actor';
import { AppError, isAppError, type WireError } from '@flotilla/contracts/errors';
import type { Operation } from '@flotilla/contracts/operation';
import { Metrics } from '@flotilla/runtime/metrics';
import { currentContext, remainingMs } from '@flotilla/runtime/request-context';
import { inject, inSpan } from '@flotilla/runtime/tracing';
import { Injectable } from '@nestjs/common';
import { errors, type Msg } from '@nats-io/transport-node';
import { randomUUID } from 'node:crypto';
import { ERROR_HEADER } from './headers.js';
import { NatsLink } from './nats-link.js';
import type { RequestMessage } from './request-message.js';

const DEFAULT_TIMEOUT_MS = 2_000;

/** What a call takes from the current request unless told otherwise. */
export interface CallOptions {
  /** How long to wait at most, in milliseconds; never longer than the current request may still take. Default 2000. */
  timeoutMs?: number;
  /** On whose behalf; the current request's actor by default. */
  actor?: Actor;
}

/** Asks other services. */
@Injectable()
export class RpcClient {
  private readonly seconds;

  constructor(
    private readonly link: NatsLink,
    metrics: Metrics,
  ) {
    this.seconds = metrics.histogram(
      'rpc_client_seconds',
      'Requests to other services, from sending to the reply, by outcome',
      ['subject', 'outcome'],
    );
  }

  /**
   * Sends a request and waits for the reply, within what is left of the current request's time.
   * Throws the `AppError` that the service threw; `unavailable` when nobody serves it or NATS is away,
   * `deadline-exceeded` when there was no reply in time (it may have been carried out all the same).
   */
  async call<Request extends object, Response>(
    operation: Operation<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): Promise<Response> {
    const started = performance.now();
    const { subject } = operation;
    let outcome = 'ok';
    try {
      return await inSpan(`request ${subject}`, { 'messaging.destination.name': subject }, () =>
        this.exchange<Response>(subject, request, options),
      );
    } catch (error) {
      outcome = isAppError(error) ? error.code : 'internal';
      throw error;
    } finally {
      this.seconds.observe({ subject, outcome }, (performance.now() - started) / 1_000);
    }
  }

  private async exchange<Response>(
    subject: string,
    request: object,
    { timeoutMs = DEFAULT_TIMEOUT_MS, actor }: CallOptions,
  ): Promise<Response> {
    const context = currentContext();
    const timeout = Math.floor(Math.min(timeoutMs, remainingMs(context)));
    if (timeout <= 0) throw new AppError('deadline-exceeded', 'There was no time left to ask.');
    // While disconnected the client would keep the request in its buffer, for longer than anybody waits.
    const connection = this.link.live;
    if (!connection) throw unavailable(new Error('NATS is not connected'));

    const caller = actor ?? context?.actor;
    const message: RequestMessage = {
      timeoutMs: timeout,
      requestId: context?.requestId ?? randomUUID(),
      ...(caller && { actor: caller }),
      ...(context?.address && { address: context.address }),
      request,
    };
    inject((name, value) => (message[name] = value));

    let reply: Msg;
    try {
      reply = await connection.request(subject, JSON.stringify(message), { timeout });
    } catch (error) {
      throw transportError(error);
    }
    return readReply<Response>(reply);
  }
}

function readReply<Response>(reply: Msg): Response {
  const failed = reply.headers?.has(ERROR_HEADER) ?? false;
  let body: unknown;
  try {
    body = reply.json();
  } catch (error) {
    throw new AppError('internal', 'Something went wrong on our side.', { cause: error });
  }
  if (failed) throw AppError.fromWire(body as WireError);
  return body as Response;
}

function transportError(error: unknown): AppError {
  if (error instanceof errors.TimeoutError) {
    return new AppError('deadline-exceeded', 'There was no answer in time.', { cause: error });
  }
  if (error instanceof errors.InvalidArgumentError && error.message.includes('max_payload')) {
    return new AppError('payload-too-large', 'The request is too large.', { cause: error });
  }
  // Nobody listens, or we are closing the connection.
  return unavailable(error);
}

function unavailable(cause: unknown): AppError<'unavailable'> {
  return new AppError('unavailable', 'The service is not available right now.', {
    details: { retryAfterSeconds: 1 },
    cause,
  });
}
