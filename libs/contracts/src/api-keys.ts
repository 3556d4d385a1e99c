import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmptyObject,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { MODES, type Mode, PERMISSIONS, type Permission } from './actor.js';
import { IsCidr } from './cidr.js';
import { type Answered, IdempotentRequest } from './idempotency.js';
import type { Id } from './ids.js';
import { IsInstant } from './instant.js';
import { IsNotBlank } from './not-blank.js';
import { Optional } from './optional.js';
import { type Page, PageQuery } from './pages.js';
import { operation } from './operation.js';
import type { RevocationReceipt } from './revocation.js';

export const QUOTA_INTERVALS = ['day', 'month'] as const;
export type QuotaInterval = (typeof QUOTA_INTERVALS)[number];

/** At most `limit` requests in any window of `windowSeconds`. */
export class RateLimit {
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  limit: number;

  @IsInt()
  @Min(1)
  @Max(86_400)
  windowSeconds: number;
}

/** At most `limit` requests in a day or month of UTC. */
export class Quota {
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  limit: number;

  @IsIn(QUOTA_INTERVALS)
  interval: QuotaInterval;
}

/** The body of `POST /api-keys`. */
export class CreateApiKeyBody {
  @IsString()
  @IsNotBlank()
  @MaxLength(100)
  name: string;

  @IsIn(MODES)
  mode: Mode;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(PERMISSIONS, { each: true })
  permissions: Permission[];

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => RateLimit)
  rateLimit?: RateLimit;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => Quota)
  quota?: Quota;

  /** The networks that the key works from; from anywhere when left out. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsCidr({ each: true })
  allowedIps?: string[];

  @IsOptional()
  @IsInstant()
  expiresAt?: string;
}

/** The body of `PATCH /api-keys/{id}`; null takes a limit away. */
export class ChangeApiKeyBody {
  @Optional()
  @IsString()
  @IsNotBlank()
  @MaxLength(100)
  name?: string;

  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(PERMISSIONS, { each: true })
  permissions?: Permission[];

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => RateLimit)
  rateLimit?: RateLimit | null;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => Quota)
  quota?: Quota | null;

  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsCidr({ each: true })
  allowedIps?: string[] | null;

  @IsOptional()
  @IsInstant()
  expiresAt?: string | null;
}

/** What is to change of a key, if it is at `version` (any when left out). */
export class ChangeApiKeyRequest {
  @IsString()
  keyId: Id<'key'>;

  @IsOptional()
  @IsInt()
  version?: number;

  @IsObject()
  @ValidateNested()
  @Type(() => ChangeApiKeyBody)
  changes: ChangeApiKeyBody;
}

/** The body of `POST /api-keys/{id}/rotate`. */
export class RotateApiKeyBody {
  /** How long the old key goes on working; 0 ends it at once. */
  @IsInt()
  @Min(0)
  @Max(604_800)
  overlapSeconds: number;
}

export class RotateApiKeyRequest extends IdempotentRequest {
  @IsString()
  keyId: Id<'key'>;

  @IsObject()
  @ValidateNested()
  @Type(() => RotateApiKeyBody)
  rotation: RotateApiKeyBody;
}

/** A key to be created for the caller. */
export class CreateApiKeyRequest extends IdempotentRequest {
  @IsNotEmptyObject()
  @ValidateNested()
  @Type(() => CreateApiKeyBody)
  apiKey: CreateApiKeyBody;
}

export interface ApiKeyView {
  id: Id<'key'>;
  /** `sk_live_` or `sk_test_` and the first four characters: enough to recognise it by. */
  prefix: string;
  name: string;
  mode: Mode;
  permissions: Permission[];
  rateLimit: RateLimit | null;
  quota: Quota | null;
  allowedIps: string[] | null;
  expiresAt: string | null;
  revokedAt: string | null;
  /** As of a second ago. */
  lastUsedAt: string | null;
  /** Requests so far, as of a second ago. */
  usageCount: number;
  version: number;
  createdAt: string;
}

/** What is answered to a creation: the only answer that ever carries the key itself, and null when it is a repetition. */
export interface CreatedApiKey extends ApiKeyView {
  key: string | null;
}

/** Looks a key up by the SHA-256 of its text, hex. The key itself never leaves the gateway. */
export class AuthenticateKeyRequest {
  @Matches(/^[0-9a-f]{64}$/)
  hash: string;
}

/** What a gateway has to know of a key to let its holder in, until the revocation feed names the key or its owner. */
export interface KeyRecord {
  keyId: Id<'key'>;
  userId: Id<'usr'>;
  mode: Mode;
  /** Never more than the role of the owner and the mode allow. */
  permissions: Permission[];
  rateLimit: RateLimit | null;
  quota: Quota | null;
  allowedIps: string[] | null;
  expiresAt: string | null;
}

/** The record of a valid key; null for unknown, revoked and expired ones, and for those of users who may not enter, alike. */
export interface KeyAuthentication {
  key: KeyRecord | null;
}

export class ApiKeyIdRequest {
  @IsString()
  keyId: Id<'key'>;
}

/** When it is answered no gateway accepts the key any more. */
export interface RevokedApiKey extends RevocationReceipt {
  id: Id<'key'>;
  revokedAt: string;
}

export const CreateApiKey = operation<Answered<CreatedApiKey>>()(
  'api-keys.create-key.v1',
  CreateApiKeyRequest,
  {
    idempotent: false,
    errors: [
      'not-found',
      'insufficient-permission',
      'idempotency-key-reuse',
      'idempotency-key-in-flight',
    ],
  },
);
export const ListApiKeys = operation<Page<ApiKeyView>>()('api-keys.list-keys.v1', PageQuery, {
  idempotent: true,
});
export const ChangeApiKey = operation<ApiKeyView>()('api-keys.change-key.v1', ChangeApiKeyRequest, {
  idempotent: true,
  errors: ['not-found', 'insufficient-permission', 'precondition-failed', 'illegal-transition'],
});
export const RotateApiKey = operation<Answered<CreatedApiKey>>()(
  'api-keys.rotate-key.v1',
  RotateApiKeyRequest,
  {
    idempotent: false,
    errors: [
      'not-found',
      'insufficient-permission',
      'illegal-transition',
      'idempotency-key-reuse',
      'idempotency-key-in-flight',
    ],
  },
);
export const GetApiKey = operation<ApiKeyView>()('api-keys.get-key.v1', ApiKeyIdRequest, {
  idempotent: true,
  errors: ['not-found'],
});
export const RevokeApiKey = operation<RevokedApiKey>()('api-keys.revoke-key.v1', ApiKeyIdRequest, {
  idempotent: true,
  errors: ['not-found'],
});
export const AuthenticateKey = operation<KeyAuthentication>()(
  'api-keys.authenticate-key.v1',
  AuthenticateKeyRequest,
  { idempotent: true },
);

/** Events of an API key, by type. Never the key or its hash; `name` is null once the owner is erased. */
export interface ApiKeyEvents {
  'api_key.created': { name: string | null; mode: Mode; permissions: Permission[]; prefix: string };
  /** Not in the contract's list: what `PATCH` made of it. */
  'api_key.changed': { name: string | null; permissions: Permission[] };
  'api_key.rotated': { successor: Id<'key'>; expiresAt: string };
  'api_key.revoked': Record<string, never>;
}
