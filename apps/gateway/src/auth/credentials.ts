import { AppError } from '@flotilla/contracts/errors';
import type { FastifyRequest } from 'fastify';

/** Names under which keys and tokens end up in query strings, and from there in logs and histories. */
const QUERY_NAMES = ['api_key', 'apiKey', 'access_token'];
const KEY_PREFIX = 'sk_';

/** What a request says who asks by, not yet looked at any closer. */
export type Credential =
  | { kind: 'api-key'; key: string }
  /** `DPoP` (RFC 9449 §7.1) comes with a proof of the key that the token is bound to. */
  | { kind: 'token'; scheme: 'Bearer' | 'DPoP'; token: string };

/** One answer for every credential that is missing, malformed, unknown, revoked or expired. */
export function unauthenticated(): AppError<'unauthenticated'> {
  return new AppError('unauthenticated', 'This needs a valid API key or access token.');
}

/**
 * The credential a request carries; undefined when it carries none.
 * @throws AppError `unauthenticated` for another scheme; `validation-failed` for a credential in the query string or two
 *   that differ
 */
export function credentialOf(
  request: Pick<FastifyRequest, 'headers' | 'query'>,
): Credential | undefined {
  refuseQueryCredentials(request.query as Record<string, unknown>);
  const { authorization } = request.headers;
  const header = request.headers['x-api-key']?.toString();
  const authorized = authorization === undefined ? undefined : parse(authorization);
  if (header === undefined) return authorized;
  const alike = authorized === undefined || ('key' in authorized && authorized.key === header);
  if (alike) return { kind: 'api-key', key: header };
  throw new AppError('validation-failed', 'Two different credentials were sent; send one.', {
    details: { errors: [] },
  });
}

/** RFC 6750 §2.1; the name of the scheme is case-insensitive (RFC 9110 §11.1). */
function parse(authorization: string): Credential {
  const [, name, token] = /^(Bearer|DPoP) +([^ ]+) *$/i.exec(authorization) ?? [];
  if (name === undefined || token === undefined) throw unauthenticated();
  const scheme = name.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer';
  if (scheme === 'Bearer' && token.startsWith(KEY_PREFIX)) return { kind: 'api-key', key: token };
  return { kind: 'token', scheme, token };
}

function refuseQueryCredentials(query: Record<string, unknown>): void {
  const name = QUERY_NAMES.find((candidate) => query[candidate] !== undefined);
  if (name === undefined) return;
  const detail = 'A credential in the address ends up in logs: send it in a header.';
  throw new AppError('validation-failed', detail, {
    details: { errors: [{ pointer: `/${name}`, code: 'forbidden', detail }] },
  });
}
