import type { Actor } from '@flotilla/contracts/actor';
import type { Quota, RateLimit } from '@flotilla/contracts/api-keys';

/** Who a credential says is asking, and how often this one may. */
export interface Caller {
  actor: Actor;
  /** The key's own limit; null for the limit that everybody has. */
  rateLimit: RateLimit | null;
  quota: Quota | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard. */
    caller?: Caller;
  }
}
