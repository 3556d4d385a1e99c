import type { Socket } from 'node:net';
import { AppError, ERRORS } from '@flotilla/contracts/errors';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { arrival } from './arrival.js';
import { BODY_LIMIT } from './body-parsers.js';
import { toAppError } from './http-errors.js';
import { problemDocs, sendProblem } from './problem.filter.js';
import { problemResponse } from './problem.js';
import { requestIdOf } from './request-id.js';
import { parseTarget } from './version.js';

/** Longer than the idle time-outs of usual load balancers (60 s), so that they, not we, end idle connections. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** More than any id or SKU, percent-encoded; a longer one is 404. */
const MAX_PARAM_LENGTH = 256;

type ServerOptions = ConstructorParameters<typeof FastifyAdapter>[0];

/** The HTTP server of the gateway: limits, time-outs, and problems for what never reaches a route. */
export function serverOptions(config: GatewayConfig): ServerOptions {
  const arrive = arrival(config);
  return {
    bodyLimit: BODY_LIMIT,
    requestTimeout: config.requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // While draining, requests on connections that are open already are still served.
    return503OnClosing: false,
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
    rewriteUrl: ({ url }) => parseTarget(url ?? '/').url,
    // Runs in place of all hooks. Fastify's types cover HTTP/2 too, which this server does not speak.
    frameworkErrors: (error, request, reply) => {
      arrive(request as unknown as FastifyRequest, reply as unknown as FastifyReply);
      sendProblem(reply as unknown as FastifyReply, toAppError(error), request.id, config);
    },
    clientErrorHandler: (error, socket) => refuse(error, socket, problemDocs(config)),
  };
}

/** Answers what is not HTTP, or not in time, as far as there is still somebody to answer. */
function refuse(error: NodeJS.ErrnoException, socket: Socket, docsUrl: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = requestIdOf(undefined);
  const { status, headers, body } = problemResponse(
    clientError(error.code ?? ''),
    requestId,
    docsUrl,
  );
  const text = JSON.stringify(body);
  const lines = [
    `HTTP/1.1 ${status} ${ERRORS[body.code].title}`,
    ...Object.entries({
      ...headers,
      'content-length': Buffer.byteLength(text),
      'x-request-id': requestId,
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`);
}

function clientError(code: string): AppError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new AppError('headers-too-large', 'The header fields are too large.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new AppError('request-timeout', 'The request did not arrive in time.');
    default:
      return new AppError('validation-failed', 'The request is not valid HTTP.', {
        details: { errors: [] },
      });
  }
}
