import type { Actor } from '@flotilla/contracts/actor';
import type { Answered } from '@flotilla/contracts/idempotency';
import {
  ChangeOAuthClient,
  ChangeOAuthClientRequest,
  CreateOAuthClient,
  CreateOAuthClientRequest,
  GetOAuthClient,
  type InitialAccessToken,
  IssueInitialAccessToken,
  ListOAuthClients,
  OAuthClientIdRequest,
  type OAuthClientView,
  type OAuthClientWithSecret,
  RemoveOAuthClient,
  RotateOAuthClientSecret,
  RotateOAuthClientSecretRequest,
} from '@flotilla/contracts/oauth-clients';
import {
  GrantIdRequest,
  type GrantView,
  ListGrants,
  WithdrawGrant,
} from '@flotilla/contracts/oauth-grants';
import { type Page, PageQuery } from '@flotilla/contracts/pages';
import {
  GetSigningKeys,
  type RotatedSigningKey,
  RotateSigningKeys,
  type SigningKeys as PublishedKeys,
} from '@flotilla/contracts/signing-keys';
import { Caller } from '@flotilla/messaging/caller';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { toView } from '../oauth/clients/client-metadata.js';
import { ClientAdministration } from '../oauth/clients/client-administration.js';
import { ClientRegistry } from '../oauth/clients/client-registry.js';
import { Grants } from '../oauth/grants.js';
import { SigningKeys } from '../oauth/signing-keys.js';

/** What the authorization server answers over NATS. */
@Controller()
export class OAuthController {
  constructor(
    private readonly clients: ClientRegistry,
    private readonly administration: ClientAdministration,
    private readonly keys: SigningKeys,
    private readonly grants: Grants,
  ) {}

  @MessagePattern(GetSigningKeys.subject)
  async signingKeys(): Promise<PublishedKeys> {
    return { keys: await this.keys.published() };
  }

  @MessagePattern(RotateSigningKeys.subject)
  rotateSigningKeys(): Promise<RotatedSigningKey> {
    return this.keys.rotate();
  }

  @MessagePattern(ListOAuthClients.subject)
  listClients(@Payload() query: PageQuery): Promise<Page<OAuthClientView>> {
    return this.clients.list(query);
  }

  @MessagePattern(GetOAuthClient.subject)
  async getClient(@Payload() { clientId }: OAuthClientIdRequest): Promise<OAuthClientView> {
    return toView(await this.clients.get(clientId));
  }

  @MessagePattern(CreateOAuthClient.subject)
  createClient(
    @Caller() actor: Actor,
    @Payload() request: CreateOAuthClientRequest,
  ): Promise<Answered<OAuthClientWithSecret>> {
    return this.administration.create(actor, request);
  }

  @MessagePattern(ChangeOAuthClient.subject)
  changeClient(
    @Caller() actor: Actor,
    @Payload() { clientId, changes }: ChangeOAuthClientRequest,
  ): Promise<OAuthClientView> {
    return this.administration.change(actor, clientId, changes);
  }

  @MessagePattern(RotateOAuthClientSecret.subject)
  rotateSecret(
    @Caller() actor: Actor,
    @Payload() { clientId, overlapSeconds = 0 }: RotateOAuthClientSecretRequest,
  ): Promise<OAuthClientWithSecret> {
    return this.administration.rotateSecret(actor, clientId, overlapSeconds);
  }

  @MessagePattern(RemoveOAuthClient.subject)
  async removeClient(@Payload() { clientId }: OAuthClientIdRequest): Promise<object> {
    await this.administration.remove(clientId);
    return {};
  }

  @MessagePattern(IssueInitialAccessToken.subject)
  issueInitialAccessToken(@Caller() actor: Actor): Promise<InitialAccessToken> {
    return this.administration.issueInitialAccessToken(actor);
  }

  @MessagePattern(ListGrants.subject)
  listGrants(@Caller() actor: Actor): Promise<Page<GrantView>> {
    return this.grants.list(actor.userId);
  }

  @MessagePattern(WithdrawGrant.subject)
  async withdrawGrant(
    @Caller() actor: Actor,
    @Payload() { grantId }: GrantIdRequest,
  ): Promise<object> {
    await this.grants.withdraw(actor.userId, grantId);
    return {};
  }
}
