import type { Id } from './ids.js';

/** The one vocabulary of OAuth scopes and API-key permissions. */
export const PERMISSIONS = [
  'users:read',
  'users:write',
  'users:admin',
  'orders:read',
  'orders:write',
  'orders:admin',
  'inventory:read',
  'inventory:write',
  'api-keys:read',
  'api-keys:write',
  'webhooks:read',
  'webhooks:write',
  'events:read',
  'oauth-clients:admin',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ['customer', 'staff', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const CUSTOMER: readonly Permission[] = [
  'users:read',
  'users:write',
  'orders:read',
  'orders:write',
  'api-keys:read',
  'api-keys:write',
  'webhooks:read',
  'webhooks:write',
];
const STAFF: readonly Permission[] = [
  ...CUSTOMER,
  'inventory:read',
  'inventory:write',
  'orders:admin',
  'events:read',
  'oauth-clients:admin',
];

/** The most that a token or key of a user with this role may carry. */
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  customer: CUSTOMER,
  staff: STAFF,
  admin: PERMISSIONS,
};

/** Test mode is a world of its own: what is made with test keys is seen with test keys only. */
export const MODES = ['live', 'test'] as const;
export type Mode = (typeof MODES)[number];

/** Who asks. Set by the gateway after authentication and carried in a header of every message. */
export interface Actor {
  userId: Id<'usr'>;
  /** The API key used, when it was one. */
  keyId?: Id<'key'>;
  /** The OAuth client whose access token was used, when it was one. */
  clientId?: string;
  mode: Mode;
  permissions: readonly Permission[];
}

/** What idempotency is relative to: the user, by token or key alike, in one mode. */
export function principalOf(actor: Pick<Actor, 'userId' | 'mode'>): string {
  return `${actor.mode}:${actor.userId}`;
}
