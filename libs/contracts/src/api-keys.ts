import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
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
import { type Actor, MODES, type Mode, PERMISSIONS, type Permission } from './actor.js';
import { type Answered, IdempotentRequest } from './idempotency.js';
import type { Id } from './ids.js';
import { IsInstant } from './instant.js';
import { IsNotBlank } from './not-blank.js';
import { operation } from './operation.js';

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
  @IsInstant()
  expiresAt?: string;
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
  expiresAt: string | null;
  revokedAt: string | null;
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

/** Whom a valid key speaks for; null for unknown, revoked and expired ones alike. */
export interface KeyAuthentication {
  actor: Actor | null;
}

export class ApiKeyIdRequest {
  @IsString()
  keyId: Id<'key'>;
}

export interface RevokedApiKey {
  id: Id<'key'>;
  revokedAt: string;
}

export const CreateApiKey = operation<Answered<CreatedApiKey>>()(
  'api-keys.create-key.v1',
  CreateApiKeyRequest,
  {
    idempotent: false,
    errors: ['insufficient-permission', 'idempotency-key-reuse', 'idempotency-key-in-flight'],
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

/** Events of an API key, by type. Never the key or its hash. */
export interface ApiKeyEvents {
  'api_key.created': { name: string; mode: Mode; permissions: Permission[]; prefix: string };
  'api_key.revoked': Record<string, never>;
}
