import type { Id } from '@flotilla/contracts/ids';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { unauthenticated } from '../auth/credentials.js';

/** The user who asks. Throws `unauthenticated` on a public route without a credential. */
export const CallerId = createParamDecorator((_: unknown, host: ExecutionContext): Id<'usr'> => {
  const { actor } = host.switchToHttp().getRequest<FastifyRequest>().edge;
  if (!actor) throw unauthenticated();
  return actor.userId;
});
