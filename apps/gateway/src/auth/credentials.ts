import { isWellFormedKey } from '@flotilla/contracts/api-key-format';
import { AppError } from '@flotilla/contracts/errors';
import type { FastifyRequest } from 'fastify';

/** Names under which keys and tokens end up in query strings, and from there in logs and histories. */
const QUERY_NAMES = ['api_key', 'apiKey', 'access_token'];

/** One answer for every credential that is missing, malformed, unknown, revoked or expired. */
export function unauthenticated(): AppError<'unauthenticated'> {
  return new AppError('unauthenticated', 'This needs a valid API key or access token.');
}

/**
 * The API key a request carries, well-formed; undefined when it carries no credential.
 * @throws AppError `unauthenticated` for what cannot be a key; `validation-failed` for a credential in the query
 *   string or two that differ
 */
export function apiKeyOf(request: Pick<FastifyRequest, 'headers' | 'query'>): string | undefined {
  refuseQueryCredentials(request.query as Record<string, unknown>);
  const { authorization } = request.headers;
  const header = request.headers['x-api-key'];
  const bearer = authorization === undefined ? undefined : bearerToken(authorization);
  if (bearer !== undefined && header !== undefined && bearer !== header) {
    throw new AppError('validation-failed', 'Two different credentials were sent; send one.', {
      details: { errors: [] },
    });
  }
  const key = header ?? bearer;
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !isWellFormedKey(key)) throw unauthenticated();
  return key;
}

/** RFC 6750 §2.1; the name of the scheme is case-insensitive (RFC 9110 §11.1). */
function bearerToken(authorization: string): string {
  const token = /^Bearer +([^ ]+) *$/i.exec(authorization)?.[1];
  if (token === undefined) throw unauthenticated();
  return token;
}

function refuseQueryCredentials(query: Record<string, unknown>): void {
  const name = QUERY_NAMES.find((candidate) => query[candidate] !== undefined);
  if (name === undefined) return;
  const detail = 'A credential in the address ends up in logs: send it in a header.';
  throw new AppError('validation-failed', detail, {
    details: { errors: [{ pointer: `/${name}`, code: 'forbidden', detail }] },
  });
}
