import { randomUUID } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import { accessOf, admit, UNGUARDED } from './access.js';
import { AccessTokenStrategy } from './access-token.strategy.js';
import { ApiKeyStrategy } from './api-key.strategy.js';
import './caller.js';

/** Finds out who asks, tells the request's context, and lets through who may. */
@Injectable()
export class Authenticate extends AuthGuard() implements CanActivate {
  constructor(accessToken: AccessTokenStrategy, apiKey: ApiKeyStrategy) {
    // Passport knows strategies by name in the whole process, which may run several gateways.
    const gateway = randomUUID();
    const strategies = Object.entries({ accessToken, apiKey });
    const names = strategies.map(([name, strategy]) => {
      passport.use(`${gateway}:${name}`, strategy);
      return `${gateway}:${name}`;
    });
    super({ defaultStrategy: names, property: 'caller', session: false });
  }

  /** Throws `unauthenticated`, `insufficient-permission`, or `validation-failed` for a credential out of place. */
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (UNGUARDED.has(context.getClass())) return true;
    const access = accessOf(context.getHandler());
    if (access === undefined) throw new Error('The route declares no access.');
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    await super.canActivate(context);
    const { caller } = request;
    request.edge.actor = caller?.actor;
    request.edge.rateLimit = caller?.rateLimit ?? undefined;
    // A credential that is sent has to be good, also where none is needed: the strategies saw to that.
    admit(access, caller?.actor);
    return true;
  }

  /** Nobody is an answer, too: the route decides whether it is good enough. */
  override handleRequest<User>(error: unknown, caller: User | false): User {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a strategy threw, as it was
    if (error) throw error;
    return (caller || undefined) as User;
  }
}
