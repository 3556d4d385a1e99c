import {
  type Actor,
  type Mode,
  type Permission,
  type Role,
  ROLE_PERMISSIONS,
} from '@flotilla/contracts/actor';
import { AppError } from '@flotilla/contracts/errors';

/**
 * Refuses a key that could do more than the one who asks for it: more than that token or key carries, more than the role
 * allows, or live things from the test world.
 * @throws AppError `insufficient-permission` naming the first permission that is missing
 */
export function assertMayGrant(
  actor: Actor,
  role: Role,
  asked: { mode: Mode; permissions: readonly Permission[] },
): void {
  const missing = asked.permissions.find(
    (permission) =>
      !actor.permissions.includes(permission) || !ROLE_PERMISSIONS[role].includes(permission),
  );
  if (missing !== undefined) throw refusal(missing, `You do not hold the permission ${missing}.`);
  if (actor.mode === 'test' && asked.mode === 'live') {
    throw refusal('api-keys:write', 'A test key cannot create live keys.');
  }
}

function refusal(permission: Permission, message: string): AppError<'insufficient-permission'> {
  return new AppError('insufficient-permission', message, { details: { permission } });
}
