import {
  type Actor,
  type Mode,
  type Permission,
  type Role,
  ROLE_PERMISSIONS,
} from '@flotilla/contracts/actor';
import type { RateLimit } from '@flotilla/contracts/api-keys';
import { AppError } from '@flotilla/contracts/errors';

/** What everybody has who has no limit of their own. */
const MOST_PER_MINUTE = 600;

/**
 * Refuses a key that could do more than the one who asks for it: more than that token or key carries, more than the role
 * allows, more often than others who do not look after all users, or live things from the test world.
 * @throws AppError `insufficient-permission` naming the first permission that is missing
 */
export function assertMayGrant(
  actor: Actor,
  role: Role,
  asked: { mode: Mode; permissions: readonly Permission[]; rateLimit?: RateLimit | null },
): void {
  const missing = asked.permissions.find(
    (permission) =>
      !actor.permissions.includes(permission) || !ROLE_PERMISSIONS[role].includes(permission),
  );
  if (missing !== undefined) throw refusal(missing, `You do not hold the permission ${missing}.`);
  const { rateLimit } = asked;
  if (rateLimit && perMinute(rateLimit) > MOST_PER_MINUTE && !isUsersAdmin(actor, role)) {
    const message = `A limit above ${MOST_PER_MINUTE} a minute is for holders of users:admin to set.`;
    throw refusal('users:admin', message);
  }
  if (actor.mode === 'test' && asked.mode === 'live') {
    throw refusal('api-keys:write', 'A test key cannot create live keys.');
  }
}

function perMinute({ limit, windowSeconds }: RateLimit): number {
  return (limit / windowSeconds) * 60;
}

function isUsersAdmin(actor: Actor, role: Role): boolean {
  return (
    actor.permissions.includes('users:admin') && ROLE_PERMISSIONS[role].includes('users:admin')
  );
}

function refusal(permission: Permission, message: string): AppError<'insufficient-permission'> {
  return new AppError('insufficient-permission', message, { details: { permission } });
}
