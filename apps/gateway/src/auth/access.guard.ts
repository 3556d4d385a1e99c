import { AppError } from '@flotilla/contracts/errors';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { accessOf, UNGUARDED } from './access.js';
import { ApiKeyAuthenticator } from './api-key-authenticator.js';
import { apiKeyOf, unauthenticated } from './credentials.js';

/** Finds out who asks, tells the request's context, and lets through who may. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly keys: ApiKeyAuthenticator) {}

  /** Throws `unauthenticated`, `insufficient-permission`, or `validation-failed` for a credential out of place. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (UNGUARDED.has(context.getClass())) return true;
    const access = accessOf(context.getHandler());
    if (access === undefined) throw new Error('The route declares no access.');
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = apiKeyOf(request);
    const actor = key === undefined ? undefined : await this.keys.authenticate(key);
    request.edge.actor = actor;
    if (access === 'public') return true;
    if (!actor) throw unauthenticated();
    if (access.some((permission) => actor.permissions.includes(permission))) return true;
    throw new AppError('insufficient-permission', `This needs the permission ${access[0]}.`, {
      details: { permission: access[0] },
    });
  }
}
