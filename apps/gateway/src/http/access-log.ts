import type { Logger } from '@flotilla/runtime/logger';
import type { Metrics } from '@flotilla/runtime/metrics';
import { runInContext } from '@flotilla/runtime/request-context';
import type { FastifyInstance } from 'fastify';
import { withoutNeedlessEscapes } from './version.js';

/** Logs and measures every request. Never the query string, where people put secrets. */
export function recordRequests(fastify: FastifyInstance, logger: Logger, metrics: Metrics): void {
  const seconds = metrics.histogram('http_request_seconds', 'Answered requests by route', [
    'method',
    'route',
    'status',
  ]);
  const callers = metrics.counter(
    'api_requests_total',
    'Requests by version, and whether a key, a token or nobody made them: who has to move on before v1 goes',
    ['version', 'caller'],
  );
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'unknown';
    const status = reply.statusCode;
    seconds.observe({ method, route, status }, reply.elapsedTime / 1000);
    const path = withoutKeys(withoutNeedlessEscapes(request.originalUrl.split('?', 1)[0]!));
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    const { version, api, actor } = request.edge;
    if (api) callers.inc({ version, caller: actor ? (actor.keyId ? 'key' : 'token') : 'nobody' });
    const caller = actor?.keyId ?? actor?.userId;
    runInContext(request.edge, () =>
      logger.info({ method, path, status, ms, version, caller }, 'request'),
    );
    done();
  });
}

/** People put keys into paths, too. */
function withoutKeys(path: string): string {
  return path.includes('sk_') ? path.replace(/sk_[^/]*/g, '[redacted]') : path;
}
