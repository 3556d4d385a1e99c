import type { Actor } from '@flotilla/contracts/actor';
import {
  ApiKeyIdRequest,
  type ApiKeyView,
  AuthenticateKey,
  AuthenticateKeyRequest,
  CreateApiKey,
  CreateApiKeyRequest,
  type CreatedApiKey,
  GetApiKey,
  type KeyAuthentication,
  RevokeApiKey,
  type RevokedApiKey,
} from '@flotilla/contracts/api-keys';
import type { Answered } from '@flotilla/contracts/idempotency';
import { Caller } from '@flotilla/messaging/caller';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ApiKeyQueries } from '../repositories/api-key.queries.js';
import { CreateApiKeyUseCase } from '../use-cases/create-api-key.js';
import { RevokeApiKeyUseCase } from '../use-cases/revoke-api-key.js';

/** What api-keys answers over NATS. */
@Controller()
export class ApiKeysController {
  constructor(
    private readonly creation: CreateApiKeyUseCase,
    private readonly revocation: RevokeApiKeyUseCase,
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

  @MessagePattern(RevokeApiKey.subject)
  revoke(@Caller() actor: Actor, @Payload() { keyId }: ApiKeyIdRequest): Promise<RevokedApiKey> {
    return this.revocation.execute(actor, keyId);
  }

  @MessagePattern(AuthenticateKey.subject)
  authenticate(@Payload() { hash }: AuthenticateKeyRequest): Promise<KeyAuthentication> {
    return this.queries.authenticate(hash);
  }
}
