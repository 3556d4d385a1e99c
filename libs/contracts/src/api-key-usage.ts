import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { PERMISSIONS, type Permission } from './actor.js';
import type { RateLimit } from './api-keys.js';
import type { Id } from './ids.js';
import { IsInstant } from './instant.js';
import { operation } from './operation.js';

/** What became of the requests with a key in one hour, as far as one gateway answered them. */
export class KeyUsage {
  @IsString()
  keyId: Id<'key'>;

  /** The beginning of the hour. */
  @IsInstant()
  hour: string;

  @IsInt()
  @Min(1)
  requests: number;

  /** Of these, answered with 4xx or 5xx, but for 429. */
  @IsInt()
  @Min(0)
  errors: number;

  /** Of these, answered with 429. */
  @IsInt()
  @Min(0)
  rateLimited: number;

  @IsInstant()
  lastUsedAt: string;
}

/** Counts that a gateway gathered; each batch of a gateway counts once, however often it is sent. */
export class RecordKeyUsageRequest {
  @IsUUID()
  gatewayId: string;

  /** 1, 2, 3 …: a batch is not sent before the one ahead of it was taken. */
  @IsInt()
  @Min(1)
  batch: number;

  @IsArray()
  @ArrayMaxSize(2_000)
  @ValidateNested({ each: true })
  @Type(() => KeyUsage)
  usage: KeyUsage[];
}

export const GRANULARITIES = ['hour', 'day'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** `?from=&to=&granularity=` of a key's usage. */
export class KeyUsageQuery {
  /** A day, or 30 days, before `to` when left out. */
  @IsOptional()
  @IsInstant()
  from?: string;

  /** Now when left out. */
  @IsOptional()
  @IsInstant()
  to?: string;

  @IsOptional()
  @IsIn(GRANULARITIES)
  granularity?: Granularity;
}

export class GetKeyUsageRequest extends KeyUsageQuery {
  @IsString()
  keyId: Id<'key'>;
}

/** The requests that began in an hour or day of UTC. */
export interface UsageBucket {
  start: string;
  requests: number;
  errors: number;
  rateLimited: number;
}

/** Asks for units of the quota of a key, for requests that wait for them. */
export class TakeQuotaRequest {
  @IsString()
  keyId: Id<'key'>;

  @IsInt()
  @Min(1)
  @Max(100_000)
  units: number;
}

/** Units that may be spent until the end of the period, in RFC 3339: as many as asked for, more, or fewer when no more are left. */
export interface QuotaGrant {
  units: number;
  periodStart: string;
  periodEnd: string;
}

/** Gives back what was not spent. Never repeat it: that would give back twice. */
export class ReturnQuotaRequest {
  @IsString()
  keyId: Id<'key'>;

  @IsInstant()
  periodStart: string;

  @IsInt()
  @Min(1)
  units: number;
}

/** Asks about a key by the SHA-256 of its text, hex. */
export class VerifyKeyRequest {
  @Matches(/^[0-9a-f]{64}$/)
  hash: string;

  @IsOptional()
  @IsIn(PERMISSIONS)
  permission?: Permission;
}

export type KeyInvalidity = 'unknown' | 'revoked' | 'expired' | 'insufficient-permission';

/** Whether a key is good, and for what. Keys of others are unknown. */
export interface KeyVerdict {
  valid: boolean;
  reason?: KeyInvalidity;
  keyId?: Id<'key'>;
  userId?: Id<'usr'>;
  permissions?: Permission[];
  rateLimit?: RateLimit | null;
}

export const RecordKeyUsage = operation<null>()('api-keys.record-usage.v1', RecordKeyUsageRequest, {
  idempotent: true,
});
export const GetKeyUsage = operation<{ data: UsageBucket[] }>()(
  'api-keys.get-usage.v1',
  GetKeyUsageRequest,
  { idempotent: true, errors: ['not-found'] },
);
export const TakeQuota = operation<QuotaGrant>()('api-keys.take-quota.v1', TakeQuotaRequest, {
  idempotent: false,
  errors: ['not-found'],
});
export const ReturnQuota = operation<null>()('api-keys.return-quota.v1', ReturnQuotaRequest, {
  idempotent: false,
});
export const VerifyKey = operation<KeyVerdict>()('api-keys.verify-key.v1', VerifyKeyRequest, {
  idempotent: true,
});
