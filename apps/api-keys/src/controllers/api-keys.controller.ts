import type { Actor } from '@flotilla/contracts/actor';
import {
  ApiKeyIdRequest,
  type ApiKeyView,
  AuthenticateKey,
  AuthenticateKeyRequest,
  ChangeApiKey,
  ChangeApiKeyRequest,
  CreateApiKey,
  CreateApiKeyRequest,
  type CreatedApiKey,
  GetApiKey,
  type KeyAuthentication,
  ListApiKeys,
  RevokeApiKey,
  type RevokedApiKey,
  RotateApiKey,
  RotateApiKeyRequest,
} from '@flotilla/contracts/api-keys';
import { type KeyVerdict, VerifyKey, VerifyKeyRequest } from '@flotilla/contracts/api-key-usage';
import { type Page, PageQuery } from '@flotilla/contracts/pages';
import type { Answered } from '@flotilla/contracts/idempotency';
import { Caller } from '@flotilla/messaging/caller';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ApiKeyQueries } from '../repositories/api-key.queries.js';
import { AuthenticateKeyUseCase } from '../use-cases/authenticate-key.js';
import { CreateApiKeyUseCase } from '../use-cases/create-api-key.js';
import { ChangeApiKeyUseCase } from '../use-cases/change-api-key.js';
import { RotateApiKeyUseCase } from '../use-cases/rotate-api-key.js';
import { RevokeApiKeyUseCase } from '../use-cases/revoke-api-key.js';
import { VerifyKeyUseCase } from '../use-cases/verify-key.js';

/** What api-keys answers over NATS. */
@Controller()
export class ApiKeysController {
  constructor(
    private readonly creation: CreateApiKeyUseCase,
    private readonly changing: ChangeApiKeyUseCase,
    private readonly rotation: RotateApiKeyUseCase,
    private readonly revocation: RevokeApiKeyUseCase,
    private readonly authentication: AuthenticateKeyUseCase,
    private readonly verification: VerifyKeyUseCase,
    private readonly queries: ApiKeyQueries,
  ) {}

  @MessagePattern(CreateApiKey.subject)
  create(
    @Caller() actor: Actor,
    @Payload() request: CreateApiKeyRequest,
  ): Promise<Answered<CreatedApiKey>> {
    return this.creation.execute(actor, request);
  }

  @MessagePattern(GetApiKey.subject)
  get(@Caller() actor: Actor, @Payload() { keyId }: ApiKeyIdRequest): Promise<ApiKeyView> {
    return this.queries.get(actor, keyId);
  }

  @MessagePattern(ListApiKeys.subject)
  list(@Caller() actor: Actor, @Payload() request: PageQuery): Promise<Page<ApiKeyView>> {
    return this.queries.list(actor, request);
  }

  @MessagePattern(ChangeApiKey.subject)
  change(@Caller() actor: Actor, @Payload() request: ChangeApiKeyRequest): Promise<ApiKeyView> {
    return this.changing.execute(actor, request);
  }

  @MessagePattern(RotateApiKey.subject)
  rotate(
    @Caller() actor: Actor,
    @Payload() request: RotateApiKeyRequest,
  ): Promise<Answered<CreatedApiKey>> {
    return this.rotation.execute(actor, request);
  }

  @MessagePattern(VerifyKey.subject)
  verify(@Caller() actor: Actor, @Payload() request: VerifyKeyRequest): Promise<KeyVerdict> {
    return this.verification.execute(actor, request);
  }

  @MessagePattern(RevokeApiKey.subject)
  revoke(@Caller() actor: Actor, @Payload() { keyId }: ApiKeyIdRequest): Promise<RevokedApiKey> {
    return this.revocation.execute(actor, keyId);
  }

  @MessagePattern(AuthenticateKey.subject)
  authenticate(@Payload() { hash }: AuthenticateKeyRequest): Promise<KeyAuthentication> {
    return this.authentication.execute(hash);
  }
}
