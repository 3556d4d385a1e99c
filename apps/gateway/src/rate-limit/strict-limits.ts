import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { countedAddress } from './counted-address.js';
import { enforce } from './enforce.js';
import type { Limits } from './limits.js';
import type { RateLimiter } from './rate-limiter.js';

type StrictLimit = Extract<keyof Limits, 'register' | 'signIn' | 'token'>;

/** What makes an account or tries a secret, wherever it is served; identity looks neither at case nor at a slash at the end. */
const STRICT: { path: RegExp; limit: StrictLimit }[] = [
  { path: /^\/(api\/users|account\/register)\/?$/i, limit: 'register' },
  { path: /^\/oauth\/token\/?$/i, limit: 'token' },
  {
    path: /^\/(oauth\/interaction\/.*|account\/(sign-in|second-factor|passkey|forgotten-password|reset-password)\/?)$/i,
    limit: 'signIn',
  },
];

/** Limits registration, sign-in and tokens by address (and client). They are refused rather than guessed at while nobody can count. */
export function limitStrictly(
  fastify: FastifyInstance,
  limiter: RateLimiter,
  { limits }: GatewayConfig,
): void {
  fastify.addHook('preHandler', async (request, reply) => {
    const strict = strictLimitOf(request);
    if (!strict) return;
    const client = strict === 'token' ? ` ${clientOf(request)}` : '';
    const subject = countedAddress(request.ip) + client;
    await enforce(limiter, request, reply, limits[strict], subject, { sensitive: true });
  });
}

/** The strict limit that a request which has found its route is held to, if there is one. */
export function strictLimitOf({
  method,
  url,
}: Pick<FastifyRequest, 'method' | 'url'>): StrictLimit | undefined {
  if (method !== 'POST') return undefined;
  // As routers read it, which take `%73ign-in` for `sign-in`.
  const path = decodeURI(url.split('?', 1)[0]!);
  return STRICT.find((one) => one.path.test(path))?.limit;
}

/** Who a request for tokens says it is (RFC 6749 §2.3.1): by its header, else by its form. */
export function clientOf({ headers, body }: Pick<FastifyRequest, 'headers' | 'body'>): string {
  const basic = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic) return decoded(Buffer.from(basic, 'base64').toString().split(':', 1)[0]!);
  if (!Buffer.isBuffer(body)) return '';
  return new URLSearchParams(body.toString('latin1')).get('client_id') ?? '';
}

/** Ids are form-encoded there, so that one can be written in many ways. */
function decoded(id: string): string {
  return new URLSearchParams(`id=${id.replaceAll('&', '%26')}`).get('id')!;
}
