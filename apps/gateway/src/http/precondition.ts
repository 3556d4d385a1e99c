import { AppError } from '@flotilla/contracts/errors';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { etagOf, matchHolds } from './etag.js';

/** Gives a handler the `If-Match` of the request, if it has one. */
export const IfMatch = createParamDecorator(
  (_: unknown, host: ExecutionContext) =>
    host.switchToHttp().getRequest<FastifyRequest>().headers['if-match'],
);

/**
 * The version that a resource must be at for a request with `If-Match` to be carried out, so that whoever owns it can
 * look again in the transaction; undefined when any will do.
 * @throws AppError `precondition-failed` when it is not what the client has seen, and what `read` throws
 */
export async function matchedVersion(
  ifMatch: string | undefined,
  read: () => Promise<{ version: number }>,
): Promise<number | undefined> {
  if (ifMatch === undefined) return undefined;
  const current = await read();
  if (!matchHolds(ifMatch, etagOf(JSON.stringify(current)))) {
    throw new AppError('precondition-failed', 'The resource is not what If-Match names any more.');
  }
  return ifMatch.trim() === '*' ? undefined : current.version;
}
