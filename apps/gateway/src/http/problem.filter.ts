import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';
import type { AppError } from '@flotilla/contracts/errors';
import type { Logger } from '@flotilla/runtime/logger';
import { OutageLog } from '@flotilla/runtime/outage-log';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import type { FailedAuthentications } from '../rate-limit/failed-authentications.js';
import { toAppError } from './http-errors.js';
import { problemResponse } from './problem.js';

/** How long a client that was refused may go on sending. */
const LINGER_MS = 5_000;

/** Answers every error as a problem (RFC 9457). Faults and outages of ours are logged here and told to nobody. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly outages: OutageLog;

  constructor(
    private readonly logger: Logger,
    private readonly config: GatewayConfig,
    private readonly failures: FailedAuthentications,
  ) {
    this.outages = new OutageLog(logger);
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    // What fails in a resolver is part of an answer, and GraphqlErrors says it there.
    if (host.getType<string>() === 'graphql') throw thrown;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    // A client that left in the middle of its body hears nothing, and is no fault of ours.
    if (reply.sent || (request.raw.destroyed && !request.raw.complete)) return;
    const error = this.failures.judge(request, toAppError(thrown));
    if (error.code === 'internal') this.logger.error({ err: thrown }, 'request failed');
    this.outages.note(error, `${request.method} ${request.routeOptions.url ?? 'unknown'}`);
    sendProblem(reply, error, request.id, this.config);
  }
}

/**
 * Sends an error as a problem. What is still to come of a body is read and dropped: closing on a client that is sending
 * would reset the connection, and the answer with it (RFC 9112 §9.6).
 */
export function sendProblem(
  reply: FastifyReply,
  error: AppError,
  requestId: string,
  config: GatewayConfig,
): void {
  const { status, headers, body } = problemResponse(error, requestId, problemDocs(config));
  if (!reply.request.raw.complete) {
    reply.removeHeader('connection');
    linger(reply.request.raw);
  }
  reply.code(status).headers(headers).send(JSON.stringify(body));
}

function linger(request: IncomingMessage): void {
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS).unref();
  finished(request, () => clearTimeout(timer));
}

/** Where the types of problems are explained. */
export function problemDocs({ publicUrl }: GatewayConfig): string {
  return `${publicUrl}/docs/problems`;
}
