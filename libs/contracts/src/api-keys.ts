import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { type Actor, MODES, type Mode, PERMISSIONS, type Permission } from './actor.js';
import type { Id } from './ids.js';
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
  @MinLength(1)
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
  @IsISO8601()
  expiresAt?: string;
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

/** The only answer that ever carries the key itself. */
export interface CreatedApiKey extends ApiKeyView {
  key: string;
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

export const CreateApiKey = operation<CreatedApiKey>()('api-keys.create-key.v1', CreateApiKeyBody, {
  idempotent: false,
  errors: ['insufficient-permission'],
});
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
