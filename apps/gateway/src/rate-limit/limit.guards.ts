import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UNGUARDED } from '../auth/access.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { countedAddress } from './counted-address.js';
import { carriesCredential, FailedAuthentications } from './failed-authentications.js';
import { enforce } from './enforce.js';
import { RateLimiter } from './rate-limiter.js';

/** Before anybody is asked who the caller is: what limits apply to an address. Throws `rate-limited`. */
@Injectable()
export class AddressLimit implements CanActivate {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly failures: FailedAuthentications,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (UNGUARDED.has(context.getClass())) return true;
    const { request, reply } = http(context);
    if (carriesCredential(request)) {
      request.edge.beforeLookUp = () => this.failures.beforeLookUp(request.ip);
    } else {
      const address = countedAddress(request.ip);
      await enforce(this.limiter, request, reply, this.config.limits.anonymous, address);
    }
    return true;
  }
}

/** When it is known who asks: their own limit. Throws `rate-limited`. */
@Injectable()
export class CallerLimit implements CanActivate {
  constructor(
    private readonly limiter: RateLimiter,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { request, reply } = http(context);
    const { actor, rateLimit } = request.edge;
    if (!actor) return true;
    const window = rateLimit
      ? { limit: rateLimit.limit, windowMs: rateLimit.windowSeconds * 1_000 }
      : this.config.limits.caller;
    const policy = { name: actor.keyId ? 'key' : 'user', ...window };
    await enforce(this.limiter, request, reply, policy, actor.keyId ?? actor.userId);
    return true;
  }
}

function http(context: ExecutionContext): { request: FastifyRequest; reply: FastifyReply } {
  const host = context.switchToHttp();
  return {
    request: host.getRequest<FastifyRequest>(),
    reply: host.getResponse<FastifyReply>(),
  };
}
