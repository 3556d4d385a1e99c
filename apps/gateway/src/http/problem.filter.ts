import type { AppError } from '@flotilla/contracts/errors';
import type { Logger } from '@flotilla/runtime/logger';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { toAppError } from './http-errors.js';
import { problemResponse } from './problem.js';

/** Answers every error as a problem (RFC 9457). Faults of ours are logged here, once, and told to nobody. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly config: GatewayConfig,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    // A client that left in the middle of its body hears nothing, and is no fault of ours.
    if (reply.sent || (request.raw.destroyed && !request.raw.complete)) return;
    const error = toAppError(thrown);
    if (error.code === 'internal') this.logger.error({ err: thrown }, 'request failed');
    sendProblem(reply, error, request.id, this.config);
  }
}

/** Sends an error as a problem, and gives up the connection if there is still a body to come that nobody will read. */
export function sendProblem(
  reply: FastifyReply,
  error: AppError,
  requestId: string,
  config: GatewayConfig,
): void {
  const { status, headers, body } = problemResponse(error, requestId, problemDocs(config));
  if (hasUnreadBody(reply.request)) reply.header('connection', 'close');
  reply.code(status).headers(headers).send(JSON.stringify(body));
}

/** Where the types of problems are explained. */
export function problemDocs({ publicUrl }: GatewayConfig): string {
  return `${publicUrl}/docs/problems`;
}

function hasUnreadBody({ raw, headers }: FastifyRequest): boolean {
  const length = headers['content-length'] ?? '0';
  return !raw.complete && (length !== '0' || headers['transfer-encoding'] !== undefined);
}
