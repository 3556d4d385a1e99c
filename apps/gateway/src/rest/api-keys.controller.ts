import { hash } from 'node:crypto';
import { isWellFormedKey } from '@flotilla/contracts/api-key-format';
import {
  GetKeyUsage,
  KeyUsageQuery,
  type KeyVerdict,
  type UsageBucket,
  VerifyKey,
} from '@flotilla/contracts/api-key-usage';
import {
  type ApiKeyView,
  ChangeApiKey,
  ChangeApiKeyBody,
  CreateApiKey,
  CreateApiKeyBody,
  type CreatedApiKey,
  GetApiKey,
  ListApiKeys,
  RevokeApiKey,
  type RevokedApiKey,
  RotateApiKey,
  RotateApiKeyBody,
} from '@flotilla/contracts/api-keys';
import type { Answered } from '@flotilla/contracts/idempotency';
import type { Id } from '@flotilla/contracts/ids';
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
import { IfMatch, Precondition } from '../http/precondition.js';
import { VerifyApiKeyBody } from './bodies.js';

@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly fleet: FleetClient) {}

  /** The only answer with the key itself, which therefore nobody may store; a repetition goes without it. */
  @Post()
  @RequirePermission('api-keys:write')
  @Header('cache-control', 'no-store')
  @Answers({ location: '/api-keys/:id' })
  create(
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() apiKey: CreateApiKeyBody,
  ): Promise<Answered<CreatedApiKey>> {
    return this.fleet.call(CreateApiKey, { idempotencyKey, apiKey });
  }

  @Get()
  @RequirePermission('api-keys:read')
  list(@Query() query: PageQuery): Promise<Page<ApiKeyView>> {
    return this.fleet.call(ListApiKeys, query);
  }

  @Get(':id')
  @RequirePermission('api-keys:read')
  get(@Param('id') keyId: Id<'key'>): Promise<ApiKeyView> {
    return this.fleet.call(GetApiKey, { keyId });
  }

  @Patch(':id')
  @RequirePermission('api-keys:write')
  @Answers({ represents: '/api-keys/:id' })
  async change(
    @Param('id') keyId: Id<'key'>,
    @IfMatch() precondition: Precondition,
    @Body() changes: ChangeApiKeyBody,
  ): Promise<ApiKeyView> {
    const version = await precondition.version(() => this.get(keyId));
    return this.fleet.call(ChangeApiKey, { keyId, version, changes });
  }

  /** Like a creation, of a key that takes the place of this one. */
  @Post(':id/rotate')
  @RequirePermission('api-keys:write')
  @Header('cache-control', 'no-store')
  @Answers({ location: '/api-keys/:id' })
  rotate(
    @Param('id') keyId: Id<'key'>,
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() rotation: RotateApiKeyBody,
  ): Promise<Answered<CreatedApiKey>> {
    return this.fleet.call(RotateApiKey, { keyId, idempotencyKey, rotation });
  }

  @Get(':id/usage')
  @RequirePermission('api-keys:read')
  usage(
    @Param('id') keyId: Id<'key'>,
    @Query() query: KeyUsageQuery,
  ): Promise<{ data: UsageBucket[] }> {
    return this.fleet.call(GetKeyUsage, { keyId, ...query });
  }

  /** For other services of the user's own. Only the hash of the key leaves the gateway. */
  @Post('verify')
  @HttpCode(200)
  @RequirePermission('api-keys:read')
  @Header('cache-control', 'no-store')
  async verify(@Body() { key, permission }: VerifyApiKeyBody): Promise<KeyVerdict> {
    if (!isWellFormedKey(key)) return { valid: false, reason: 'unknown' };
    return this.fleet.call(VerifyKey, { hash: hash('sha256', key), permission });
  }

  @Delete(':id')
  @RequirePermission('api-keys:write')
  revoke(@Param('id') keyId: Id<'key'>): Promise<RevokedApiKey> {
    return this.fleet.call(RevokeApiKey, { keyId });
  }
}
