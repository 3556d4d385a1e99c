import type { Mode } from '@flotilla/contracts/actor';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The mode a request is about: that of its credential, live without one. */
export const CallerMode = createParamDecorator((_: unknown, host: ExecutionContext): Mode => {
  return host.switchToHttp().getRequest<FastifyRequest>().edge.actor?.mode ?? 'live';
});
