import type { Answered } from '@flotilla/contracts/idempotency';
import {
  ChangeOAuthClient,
  CreateOAuthClient,
  CreateOAuthClientBody,
  GetOAuthClient,
  type InitialAccessToken,
  IssueInitialAccessToken,
  ListOAuthClients,
  OAuthClientBody,
  type OAuthClientView,
  type OAuthClientWithSecret,
  RemoveOAuthClient,
  RotateOAuthClientSecret,
  RotateSecretBody,
} from '@flotilla/contracts/oauth-clients';
import { type Page, PageQuery } from '@flotilla/contracts/pages';
import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import { RequirePermission } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';
import { OptionalIdempotencyKey } from '../http/idempotency-key.js';
import { Answers } from '../http/answers.js';

/** Applications that people sign in to, and programs that sign in themselves. */
@Controller('oauth-clients')
export class OAuthClientsController {
  constructor(private readonly fleet: FleetClient) {}

  @Get()
  @RequirePermission('oauth-clients:admin')
  list(@Query() query: PageQuery): Promise<Page<OAuthClientView>> {
    return this.fleet.call(ListOAuthClients, query);
  }

  /** Registers a client that the caller owns. The only answer with its secret; a repetition goes without it. */
  @Post()
  @RequirePermission('oauth-clients:admin')
  @Header('cache-control', 'no-store')
  @Answers({ location: '/oauth-clients/:clientId' })
  create(
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() client: CreateOAuthClientBody,
  ): Promise<Answered<OAuthClientWithSecret>> {
    return this.fleet.call(CreateOAuthClient, { idempotencyKey, client });
  }

  /** A token for `/oauth/register`, with which others register clients in the caller's name for a day. */
  @Post('initial-access-tokens')
  @RequirePermission('oauth-clients:admin')
  @Header('cache-control', 'no-store')
  issueInitialAccessToken(): Promise<InitialAccessToken> {
    return this.fleet.call(IssueInitialAccessToken, {});
  }

  @Get(':id')
  @RequirePermission('oauth-clients:admin')
  get(@Param('id') clientId: string): Promise<OAuthClientView> {
    return this.fleet.call(GetOAuthClient, { clientId });
  }

  @Patch(':id')
  @RequirePermission('oauth-clients:admin')
  change(
    @Param('id') clientId: string,
    @Body() changes: OAuthClientBody,
  ): Promise<OAuthClientView> {
    return this.fleet.call(ChangeOAuthClient, { clientId, changes });
  }

  /** Removes a client; everything that was given to it stops working. */
  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('oauth-clients:admin')
  async remove(@Param('id') clientId: string): Promise<void> {
    await this.fleet.call(RemoveOAuthClient, { clientId });
  }

  /** Another secret, shown once; the one of before is good for `overlapSeconds` more, none unless told so. */
  @Post(':id/rotate-secret')
  @HttpCode(200)
  @RequirePermission('oauth-clients:admin')
  @Header('cache-control', 'no-store')
  rotateSecret(
    @Param('id') clientId: string,
    @Body() { overlapSeconds }: RotateSecretBody,
  ): Promise<OAuthClientWithSecret> {
    return this.fleet.call(RotateOAuthClientSecret, { clientId, overlapSeconds });
  }
}
