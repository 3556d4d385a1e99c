import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { FormTokens } from './form-tokens.js';

/** A form that was not sent from one of our pages in the same browser. */
export class ForeignForm extends Error {}

/** Lets forms through that are ours. */
@Injectable()
export class OwnFormGuard implements CanActivate {
  constructor(private readonly tokens: FormTokens) {}

  /** @throws ForeignForm */
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const isSafe = request.method === 'GET' || request.method === 'HEAD';
    if (isSafe || this.tokens.accepts(request)) return true;
    throw new ForeignForm('a form without its token');
  }
}
