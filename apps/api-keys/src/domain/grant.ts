import {
  type Actor,
  type Mode,
  type Permission,
  type Role,
  ROLE_PERMISSIONS,
} from '@flotilla/contracts/actor';
import type { RateLimit } from '@flotilla/contracts/api-keys';
import { isWithin, parseCidr } from '@flotilla/contracts/cidr';
import { AppError } from '@flotilla/contracts/errors';
import type { ApiKey } from './api-key.js';

/** What everybody has who has no limit of their own. */
const MOST_PER_MINUTE = 600;

/** What changes accounts and OAuth clients, of which the test world has none: whoever holds a test key touches no live ones. */
const LIVE_ONLY: readonly Permission[] = ['users:write', 'users:admin', 'oauth-clients:admin'];

/** What a key is restricted to, besides its permissions; null for no restriction. */
type Restrictions = Pick<ApiKey, 'rateLimit' | 'quota' | 'allowedIps' | 'expiresAt'>;

/** What a key carries of what it was given: as much as its owner's role allows now, and its mode. */
export function effectivePermissions(
  { mode, permissions }: Pick<ApiKey, 'mode' | 'permissions'>,
  role: Role,
): Permission[] {
  return permissions.filter(
    (one) => ROLE_PERMISSIONS[role].includes(one) && (mode === 'live' || !LIVE_ONLY.includes(one)),
  );
}

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
  if (perMinute(rateLimit ?? null) > MOST_PER_MINUTE && !isUsersAdmin(actor, role)) {
    const message = `A limit above ${MOST_PER_MINUTE} a minute is for holders of users:admin to set.`;
    throw refusal('users:admin', message);
  }
  if (actor.mode === 'test' && asked.mode === 'live') {
    throw refusal('api-keys:write', 'A test key cannot create live keys.');
  }
}

/**
 * Refuses to a key what would free another one, or itself, of what it is restricted to. Of limits holders of `users:admin` may
 * set any.
 * @param asked what is to be set; undefined for what stays as it is
 * @throws AppError `insufficient-permission`
 */
export function assertNoLooser(
  actor: Actor,
  role: Role,
  own: Restrictions,
  asked: Partial<Restrictions>,
): void {
  const kept: Record<keyof Restrictions, boolean> = {
    rateLimit: isUsersAdmin(actor, role) || keepsRate(own.rateLimit, asked.rateLimit),
    quota: keepsQuota(own.quota, asked.quota),
    allowedIps: keepsNetworks(own.allowedIps, asked.allowedIps),
    expiresAt: keepsExpiry(own.expiresAt, asked.expiresAt),
  };
  const looser = Object.entries(kept).find(([, isKept]) => !isKept)?.[0];
  if (looser === undefined) return;
  throw refusal('api-keys:write', `The key that you use is restricted in ${looser} itself.`);
}

type Keeps<Term extends keyof Restrictions> = (
  own: Restrictions[Term],
  asked: Restrictions[Term] | undefined,
) => boolean;

const keepsRate: Keeps<'rateLimit'> = (own, asked) =>
  own === null || asked === undefined || perMinute(asked) <= perMinute(own);

const keepsQuota: Keeps<'quota'> = (own, asked) => {
  if (own === null || asked === undefined) return true;
  return (
    asked !== null && asked.limit <= own.limit && [own.interval, 'month'].includes(asked.interval)
  );
};

const keepsNetworks: Keeps<'allowedIps'> = (own, asked) => {
  if (own === null || asked === undefined) return true;
  const networks = own.map((cidr) => parseCidr(cidr)!);
  return (
    asked !== null &&
    asked.every((cidr) => networks.some((network) => isWithin(parseCidr(cidr)!, network)))
  );
};

const keepsExpiry: Keeps<'expiresAt'> = (own, asked) =>
  own === null || asked === undefined || (asked !== null && asked <= own);

function perMinute(rateLimit: RateLimit | null): number {
  if (rateLimit === null) return MOST_PER_MINUTE;
  const { limit, windowSeconds } = rateLimit;
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
