import { createHash } from 'node:crypto';
import { checksum, KEY_SECRET_LENGTH, toBase62 } from '@flotilla/contracts/api-key-format';
import type { Mode, Permission } from '@flotilla/contracts/actor';
import type { ApiKeyView, Quota, RateLimit } from '@flotilla/contracts/api-keys';
import { toId } from '@flotilla/contracts/ids';

const VISIBLE_LENGTH = 'sk_live_'.length + 4;

/** A key as it is stored: everything but the key itself. */
export interface ApiKey {
  /** The uuid inside the public id. */
  id: string;
  /** The uuid of the owner. */
  userId: string;
  prefix: string;
  name: string;
  mode: Mode;
  permissions: Permission[];
  rateLimit: RateLimit | null;
  quota: Quota | null;
  allowedIps: string[] | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  createdAt: Date;
  lastUsedAt: Date | null;
  usageCount: number;
  /** Of its stream of events. */
  version: number;
}

/** `sk_<mode>_`, 32 random bytes as base62 and their checksum; `random` is passed in to be testable. */
export function formatKey(mode: Mode, random: Buffer): string {
  const secret = toBase62(BigInt(`0x${random.toString('hex')}`), KEY_SECRET_LENGTH);
  const body = `sk_${mode}_${secret}`;
  return body + checksum(body);
}

/** What is stored of a key to find it by. 256 random bits need no salt and no slow hash. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** The part of a key that may be shown again: enough to recognise it by. */
export function visiblePrefix(key: string): string {
  return key.slice(0, VISIBLE_LENGTH);
}

/** Whether a key opens anything at this moment. */
export function isUsable(key: Pick<ApiKey, 'revokedAt' | 'expiresAt'>, at: Date): boolean {
  return key.revokedAt === null && (key.expiresAt === null || key.expiresAt > at);
}

/** What keeps a key from being good for something; undefined when nothing does. */
export function invalidity(
  key: Pick<ApiKey, 'revokedAt' | 'expiresAt' | 'permissions'>,
  at: Date,
  permission?: Permission,
): 'revoked' | 'expired' | 'insufficient-permission' | undefined {
  if (key.revokedAt !== null) return 'revoked';
  if (!isUsable(key, at)) return 'expired';
  const missing = permission !== undefined && !key.permissions.includes(permission);
  return missing ? 'insufficient-permission' : undefined;
}

/** The key as its owner sees it. */
export function toView(key: ApiKey): ApiKeyView {
  const { prefix, name, mode, permissions, rateLimit, quota, allowedIps } = key;
  return {
    id: toId('key', key.id),
    prefix,
    name,
    mode,
    permissions,
    rateLimit,
    quota,
    allowedIps,
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    usageCount: key.usageCount,
    version: key.version,
    createdAt: key.createdAt.toISOString(),
  };
}
