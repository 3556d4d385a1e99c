import { createHash, randomBytes } from 'node:crypto';
import { TypeID } from 'typeid-js';
import { notFound } from './errors.js';

/**
 * Public ids are TypeIDs (https://github.com/jetify-com/typeid): prefix, `_`, 26 characters of base32.
 * Everything outside a database speaks TypeIDs; tables store the `uuid` inside.
 */
export const ID_PREFIXES = {
  usr: 'user',
  ord: 'order',
  key: 'API key',
  whe: 'webhook endpoint',
  evt: 'event',
  adr: 'address',
  pay: 'payment',
  ret: 'return',
  ful: 'fulfillment',
  rfd: 'refund',
  dlv: 'webhook delivery',
  mov: 'stock movement',
  cli: 'OAuth client',
} as const;

export type IdPrefix = keyof typeof ID_PREFIXES;
export type Id<Prefix extends IdPrefix = IdPrefix> = `${Prefix}_${string}`;

/** The public id of a stored uuid. */
export function toId<Prefix extends IdPrefix>(prefix: Prefix, uuid: string): Id<Prefix> {
  return TypeID.fromUUID(prefix, uuid).toString() as Id<Prefix>;
}

/**
 * The uuid inside a public id.
 * @throws AppError `not-found` when it is malformed or of another kind: such a thing cannot exist.
 */
export function toUuid<Prefix extends IdPrefix>(prefix: Prefix, id: string): string {
  try {
    return TypeID.fromString(id, prefix).toUUID();
  } catch {
    throw notFound(ID_PREFIXES[prefix]);
  }
}

/** Like `toUuid`, for many: undefined for what cannot exist. */
export function uuidOf(prefix: IdPrefix, id: string): string | undefined {
  try {
    return toUuid(prefix, id);
  } catch {
    return undefined;
  }
}

/** A fresh UUIDv7 (RFC 9562 §5.7): sortable by time to the millisecond, 74 random bits. */
export function newUuid(nowMs: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  return stamp(bytes, 7);
}

/**
 * The uuid that a principal's idempotency key always leads to: UUIDv8 (RFC 9562 §5.8) over
 * SHA-256(principal ‖ 0 ‖ key), so that a retry finds the first attempt in every service and after any restart.
 */
export function deriveUuid(principal: string, key: string): string {
  const digest = createHash('sha256').update(principal).update('\0').update(key).digest();
  return stamp(digest.subarray(0, 16), 8);
}

function stamp(bytes: Buffer, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
