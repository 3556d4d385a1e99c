import { AppError } from '@flotilla/contracts/errors';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { etagOf, matchHolds } from './etag.js';
import { shownTo } from './versioned.js';

/** Gives a handler what the request says in `If-Match`. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    new Precondition(
      context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'],
      shownTo(context),
    ),
);

/** That a resource is still what the client has seen (RFC 9110 §13.1.1), if the request asks for that. */
export class Precondition {
  constructor(
    private readonly ifMatch: string | undefined,
    private readonly shown: (newest: object) => object,
  ) {}

  /**
   * The version that a resource must be at for the request to be carried out, so that whoever owns it can look again in the
   * transaction; undefined when any will do.
   * @param represent the resource as the newest version of the API shows it, where that is not all
   * @throws AppError `precondition-failed` when it is not what the client has seen, and what `read` throws
   */
  async version<Resource extends { version: number }>(
    read: () => Promise<Resource>,
    represent: (current: Resource) => object = (current) => current,
  ): Promise<number | undefined> {
    if (this.ifMatch === undefined) return undefined;
    const current = await read();
    const seen = JSON.stringify(this.shown(represent(current)));
    if (!matchHolds(this.ifMatch, etagOf(seen))) {
      throw new AppError(
        'precondition-failed',
        'The resource is not what If-Match names any more.',
      );
    }
    return this.ifMatch.trim() === '*' ? undefined : current.version;
  }
}
