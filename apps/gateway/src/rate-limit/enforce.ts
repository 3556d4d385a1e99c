import type { FastifyReply, FastifyRequest } from 'fastify';
import { policyHeader, rateLimited, rateLimitHeader } from './limit-headers.js';
import type { Policy } from './limits.js';
import type { Decision, RateLimiter } from './rate-limiter.js';

/** A unit that a request has taken. */
export interface TakenUnit extends Decision {
  subject: string;
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
  request.edge.taken.push({ ...decision, subject });
  tell(reply, request.edge.taken);
  if (!decision.admitted) throw rateLimited(decision);
}

/**
 * Takes more of the limits that a request has taken a unit of. When one refuses, the units from before go back; of several
 * limits, those asked earlier keep what they gave now.
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
  for (const unit of taken) {
    const decision = await limiter.take(unit.policy, unit.subject, { units });
    Object.assign(unit, decision);
    tell(reply, taken);
    if (decision.admitted) continue;
    giveBack(limiter, request, reply);
    throw rateLimited(decision);
  }
}

/** An answer that brings nothing new (304) costs nothing. */
export function giveBack(limiter: RateLimiter, request: FastifyRequest, reply: FastifyReply): void {
  const { taken } = request.edge;
  for (const unit of taken) {
    limiter.giveBack(unit.policy, unit.subject);
    unit.remaining = Math.min(unit.policy.limit, unit.remaining + 1);
  }
  if (taken.length > 0) tell(reply, taken);
}

function tell(reply: FastifyReply, taken: readonly TakenUnit[]): void {
  reply.header('ratelimit-policy', policyHeader(taken.map(({ policy }) => policy)));
  if (taken.every(({ exact }) => exact)) reply.header('ratelimit', rateLimitHeader(taken));
}
