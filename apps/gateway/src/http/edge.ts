import { AppError } from '@flotilla/contracts/errors';
import { HealthRegistry } from '@flotilla/runtime/health';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { runInContext } from '@flotilla/runtime/request-context';
import { extract, inSpan } from '@flotilla/runtime/tracing';
import { VersioningType } from '@nestjs/common';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { serveDocs } from '../docs/docs.js';
import { giveBack } from '../rate-limit/enforce.js';
import { FailedAuthentications } from '../rate-limit/failed-authentications.js';
import { limitStrictly } from '../rate-limit/strict-limits.js';
import { RateLimiter } from '../rate-limit/rate-limiter.js';
import { recordRequests } from './access-log.js';
import { compressed } from './compression.js';
import { ArrivalQueue } from './arrival-queue.js';
import { Cors } from './cors.js';
import { arrival, type VersionedRequest, versionOf } from './arrival.js';
import { BUDGET_MS } from './budget.js';
import { registerBodyParsers } from './body-parsers.js';
import { etagOf, noneMatchHolds } from './etag.js';
import { nothingHere } from './http-errors.js';
import { onceClosed } from './once-closed.js';
import { ProblemFilter } from './problem.filter.js';
import { RouteTable } from './route-table.js';
import { SocketRefusals } from './socket-refusals.js';

const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

type Done = (error?: Error) => void;

/** Gives the application what every request passes: version, context, problems for unknown routes, tags, logs. */
export function prepareEdge(app: NestFastifyApplication, config: GatewayConfig): void {
  const adapter = app.getHttpAdapter() as unknown as FastifyAdapter;
  const fastify = app.getHttpAdapter().getInstance();
  const health = app.get(HealthRegistry);
  const limiter = app.get(RateLimiter);
  const arrive = arrival(config);
  const queue = new ArrivalQueue();
  const cors = new Cors(config.corsOrigins);
  const routes = new RouteTable();

  app.setGlobalPrefix('api', { exclude: ['healthz', 'readyz', 'graphql'] });
  app.enableVersioning({
    type: VersioningType.CUSTOM,
    extractor: (request) => versionOf(request as VersionedRequest),
  });
  // Ahead of the filters that modules brought with them.
  app.useGlobalFilters(new ProblemFilter(app.get(Logger), config, app.get(FailedAuthentications)));
  registerBodyParsers(app);
  new SocketRefusals(config).listen(fastify.server);
  recordRequests(fastify, app.get(Logger), app.get(Metrics));

  fastify.decorateRequest('edge');
  fastify.addHook('onRoute', ({ url, method }) => routes.add(url, method));
  serveDocs(fastify, config);

  // Nest runs this one before all others, so that no answer is without these headers.
  adapter.setOnRequestHook((request: FastifyRequest, reply: FastifyReply, done: Done) => {
    const error = arrive(request, reply);
    cors.admit(request, reply);
    const begin = (refusal?: Error): void => {
      if (refusal ?? !request.is404) return done(refusal);
      const allow = routes.allowedMethods(pathOf(request.url));
      if (request.method !== 'OPTIONS' || allow.length === 0) return done(noRoute(allow));
      cors.preflight(request, reply, allow);
      reply.code(204).header('allow', allow.join(', ')).send();
    };
    // Whoever asks whether this process lives is not kept waiting by those who use it.
    if (PROBES.has(request.url)) return inRequest(request, reply, () => begin(error));
    queue.enter((stoodMs, full) => {
      request.edge.stoodMs = stoodMs;
      // Whoever has gone meanwhile needs no answer.
      if (!reply.raw.closed) inRequest(request, reply, () => begin(error ?? full));
    });
  });

  fastify.addHook('preHandler', (request, _reply, done) => {
    request.edge.deadline = performance.now() + BUDGET_MS - request.edge.stoodMs;
    done();
  });

  limitStrictly(fastify, limiter, config);

  fastify.addHook('onSend', async (request, reply, payload) => {
    if (health.draining) reply.header('connection', 'close');
    const isKnown = request.edge.api && isAlreadyThere(request, reply, payload);
    if (isKnown) {
      reply.code(304);
      giveBack(limiter, request, reply);
    }
    const body = await compressed(request, reply, payload);
    if (!isKnown) return body;
    reply.removeHeader('content-type');
    // Fastify takes the body out of the answer to HEAD itself, and reads its length before.
    return request.method === 'HEAD' ? payload : null;
  });
}

/** Runs the rest of a request in its context and in its trace. */
function inRequest(request: FastifyRequest, reply: FastifyReply, proceed: () => void): void {
  const header = (name: string): string | undefined => request.headers[name]?.toString();
  const name = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
  void extract(header, () =>
    inSpan(name, {}, () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      onceClosed(reply.raw, resolve);
      runInContext(request.edge, proceed);
      return promise;
    }),
  );
}

function noRoute(allow: string[]): AppError {
  if (allow.length === 0) return nothingHere();
  return new AppError('method-not-allowed', 'This address does not take that method.', {
    details: { allow },
  });
}

/**
 * Tags the representation of a resource, and says whether the client has it already. What answers a GET is one, and what says
 * so by `Content-Location` (RFC 9110 §8.7).
 */
function isAlreadyThere(request: FastifyRequest, reply: FastifyReply, payload: unknown): boolean {
  const reading = request.method === 'GET' || request.method === 'HEAD';
  const representation = reading ? reply.statusCode === 200 : reply.hasHeader('content-location');
  if (!representation || typeof payload !== 'string') return false;
  const etag = etagOf(payload);
  reply.header('etag', etag);
  return reading && !noneMatchHolds(request.headers['if-none-match'], etag);
}

function pathOf(url: string): string {
  return url.split('?', 1)[0]!;
}
