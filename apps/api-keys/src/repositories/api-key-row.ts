import type { Mode, Permission } from '@flotilla/contracts/actor';
import type { QuotaInterval } from '@flotilla/contracts/api-keys';
import type { ApiKey } from '../domain/api-key.js';

/** The columns of `api_keys` but for the hash, which nothing reads back. */
export const KEY_COLUMNS = `
  id, user_id, prefix, name, mode, permissions, rate_limit_limit, rate_limit_window_seconds, quota_limit, quota_interval,
  allowed_ips, expires_at, revoked_at, created_at, last_used_at, usage_count::float8 AS usage_count, version`;

export interface ApiKeyRow {
  id: string;
  user_id: string;
  prefix: string;
  name: string;
  mode: Mode;
  permissions: Permission[];
  rate_limit_limit: number | null;
  rate_limit_window_seconds: number | null;
  quota_limit: number | null;
  quota_interval: QuotaInterval | null;
  allowed_ips: string[] | null;
  expires_at: Date | null;
  revoked_at: Date | null;
  created_at: Date;
  last_used_at: Date | null;
  usage_count: number;
  version: number;
}

/** The key as the domain knows it. */
export function fromRow(row: ApiKeyRow): ApiKey {
  const { rate_limit_limit: limit, rate_limit_window_seconds: windowSeconds } = row;
  const { quota_limit: quotaLimit, quota_interval: interval } = row;
  return {
    id: row.id,
    userId: row.user_id,
    prefix: row.prefix,
    name: row.name,
    mode: row.mode,
    permissions: row.permissions,
    rateLimit: limit === null || windowSeconds === null ? null : { limit, windowSeconds },
    quota: quotaLimit === null || interval === null ? null : { limit: quotaLimit, interval },
    allowedIps: row.allowed_ips,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    usageCount: row.usage_count,
    version: row.version,
  };
}
