import type { Mode, Permission } from '@flotilla/contracts/actor';
import type { ApiKey } from '../domain/api-key.js';

/** The columns of `api_keys` but for the hash, which nothing reads back. */
export const KEY_COLUMNS =
  'id, user_id, prefix, name, mode, permissions, rate_limit_limit, rate_limit_window_seconds, expires_at, revoked_at, created_at';

export interface ApiKeyRow {
  id: string;
  user_id: string;
  prefix: string;
  name: string;
  mode: Mode;
  permissions: Permission[];
  rate_limit_limit: number | null;
  rate_limit_window_seconds: number | null;
  expires_at: Date | null;
  revoked_at: Date | null;
  created_at: Date;
}

/** The key as the domain knows it. */
export function fromRow(row: ApiKeyRow): ApiKey {
  const { rate_limit_limit: limit, rate_limit_window_seconds: windowSeconds } = row;
  return {
    id: row.id,
    userId: row.user_id,
    prefix: row.prefix,
    name: row.name,
    mode: row.mode,
    permissions: row.permissions,
    rateLimit: limit === null || windowSeconds === null ? null : { limit, windowSeconds },
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    createdAt: row.created_at,
  };
}
