import { AppError } from '@flotilla/contracts/errors';
import type { Policy } from './limits.js';
import type { Decision } from './rate-limiter.js';

/** `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers): which limits apply. */
export function policyHeader(policies: readonly Policy[]): string {
  return policies
    .map(({ name, limit, windowMs }) => `"${name}";q=${limit};w=${Math.ceil(windowMs / 1_000)}`)
    .join(', ');
}

/** `RateLimit`: what is left of each, and in how many seconds there is more. */
export function rateLimitHeader(decisions: readonly Decision[]): string {
  return decisions
    .map((decision) => `"${decision.policy.name}";r=${decision.remaining};t=${seconds(decision)}`)
    .join(', ');
}

/** What a request is told that was one too many. Waiting as long as it says is enough. */
export function rateLimited(decision: Decision): AppError<'rate-limited'> {
  const { name, limit, windowMs } = decision.policy;
  const detail = `The limit "${name}" is ${limit} in ${Math.ceil(windowMs / 1_000)} s.`;
  return new AppError('rate-limited', detail, {
    details: { retryAfterSeconds: Math.max(1, seconds(decision)) },
  });
}

/** Rounded up, so that nobody comes a moment too early. */
function seconds({ resetMs }: Decision): number {
  return Math.ceil(resetMs / 1_000);
}
