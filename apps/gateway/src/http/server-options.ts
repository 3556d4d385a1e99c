import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { arrival } from './arrival.js';
import { BODY_LIMIT } from './body-parsers.js';
import { toAppError } from './http-errors.js';
import { sendProblem } from './problem.filter.js';
import { requestIdOf } from './request-id.js';
import { SocketRefusals } from './socket-refusals.js';
import { parseTarget } from './version.js';

/** Longer than the idle time-outs of usual load balancers (60 s), so that they, not we, end idle connections. */
const KEEP_ALIVE_MS = 65_000;
/** Counted from the connection on: well above the 10 s for which Chromium keeps one that it has opened ahead of need. */
const HEADERS_TIMEOUT_MS = 30_000;
/** How often Node looks for requests that take too long; left to itself, every 30 s. */
const LOOK_MS = 1_000;
/** More than any id or SKU, percent-encoded; a longer one is 404. */
const MAX_PARAM_LENGTH = 256;

type ServerOptions = ConstructorParameters<typeof FastifyAdapter>[0];

/** The HTTP server of the gateway: limits, time-outs, and problems for what never reaches a route. */
export function serverOptions(config: GatewayConfig): ServerOptions {
  const arrive = arrival(config);
  const refusals = new SocketRefusals(config);
  return {
    bodyLimit: BODY_LIMIT,
    requestTimeout: config.requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Of silence while a request is being answered: whoever does not read would keep the answer here for ever.
    connectionTimeout: config.requestTimeoutMs,
    // Arrival refuses a request without Host itself, in a way that says why.
    http: {
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, config.requestTimeoutMs),
      connectionsCheckingInterval: LOOK_MS,
      requireHostHeader: false,
    },
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
    clientErrorHandler: (error, socket) => refusals.refuseClientError(error, socket),
  };
}
