import type { FastifyReply, FastifyRequest } from 'fastify';
import { policyHeader, rateLimited, rateLimitHeader } from './limit-headers.js';
import type { Policy } from './limits.js';
import type { Decision, RateLimiter } from './rate-limiter.js';

/** What a request has taken of a limit. */
export interface Taken extends Decision {
  subject: string;
  units: number;
}

/**
 * Takes a unit for a request, and says so in the answer's headers.
 * @throws AppError `rate-limited`; `unavailable` for a sensitive one when nobody can count
 */
export async function enforce(
  limiter: RateLimiter,
  request: FastifyRequest,
  reply: FastifyReply,
  policy: Policy,
  subject: string,
  options?: { sensitive?: boolean },
): Promise<void> {
  const decision = await limiter.take(policy, subject, options);
  request.edge.taken.push({ ...decision, subject, units: decision.admitted ? 1 : 0 });
  tell(reply, request.edge.taken);
  if (!decision.admitted) throw rateLimited(decision);
}

/**
 * Takes more of the limits that a request has taken a unit of. When one refuses, all that the request has taken goes back.
 * @throws AppError `rate-limited`
 */
export async function takeMore(
  limiter: RateLimiter,
  request: FastifyRequest,
  reply: FastifyReply,
  units: number,
): Promise<void> {
  if (units === 0) return;
  const { taken } = request.edge;
  for (const one of taken) {
    const decision = await limiter.take(one.policy, one.subject, { units });
    Object.assign(one, decision);
    if (!decision.admitted) {
      giveBack(limiter, request, reply);
      throw rateLimited(decision);
    }
    one.units += units;
  }
  tell(reply, taken);
}

/** What a request has taken, it need not have: for an answer that brings nothing new (304), and for a refusal. */
export function giveBack(limiter: RateLimiter, request: FastifyRequest, reply: FastifyReply): void {
  const { taken } = request.edge;
  for (const one of taken) {
    limiter.giveBack(one.policy, one.subject, one.units);
    one.remaining = Math.min(one.policy.limit, one.remaining + one.units);
    one.units = 0;
  }
  if (taken.length > 0) tell(reply, taken);
}

function tell(reply: FastifyReply, taken: readonly Taken[]): void {
  reply.header('ratelimit-policy', policyHeader(taken.map(({ policy }) => policy)));
  // Not what an earlier limit said by itself, either: who counts alone knows nothing of the others.
  if (taken.every(({ exact }) => exact)) reply.header('ratelimit', rateLimitHeader(taken));
  else reply.removeHeader('ratelimit');
}
