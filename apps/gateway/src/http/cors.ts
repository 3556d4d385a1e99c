import type { FastifyReply, FastifyRequest } from 'fastify';

/** What browsers may read of an answer besides its body. */
const EXPOSED = [
  'API-Version',
  'Deprecation',
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Sunset',
  'X-Request-Id',
].join(', ');
const ALLOWED_HEADERS = [
  'API-Version',
  'Authorization',
  'Content-Type',
  'DPoP',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'X-API-Key',
  'X-Request-Id',
  'traceparent',
].join(', ');
/** How long a browser may remember what it was allowed, in seconds. */
const MAX_AGE_S = 600;

/**
 * Lets pages of these origins call the API (the Fetch standard's CORS protocol). Never with cookies: who calls says so in a header.
 */
export class Cors {
  readonly #origins: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /** Tells the browser whether the page may read the answer. */
  admit({ headers }: FastifyRequest, reply: FastifyReply): void {
    if (this.#origins.size === 0) return;
    reply.header('vary', [reply.getHeader('vary'), 'Origin'].filter(Boolean).join(', '));
    if (!this.#origins.has(headers.origin ?? '')) return;
    reply.headers({
      'access-control-allow-origin': headers.origin,
      'access-control-expose-headers': EXPOSED,
    });
  }

  /** What the answer to a preflight adds for an origin that was admitted. */
  preflight({ headers }: FastifyRequest, reply: FastifyReply, methods: readonly string[]): void {
    const asks = headers['access-control-request-method'] !== undefined;
    if (!asks || !reply.hasHeader('access-control-allow-origin')) return;
    reply.headers({
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': ALLOWED_HEADERS,
      'access-control-max-age': MAX_AGE_S,
    });
  }
}
