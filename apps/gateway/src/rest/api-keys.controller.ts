import {
  type ApiKeyView,
  CreateApiKey,
  CreateApiKeyBody,
  type CreatedApiKey,
  GetApiKey,
  RevokeApiKey,
  type RevokedApiKey,
} from '@flotilla/contracts/api-keys';
import type { Id } from '@flotilla/contracts/ids';
import { Body, Controller, Delete, Get, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RequirePermission } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';
import { OptionalIdempotencyKey } from '../http/idempotency-key.js';
import { answered, createdAt } from '../http/location.js';

@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly fleet: FleetClient) {}

  /** The only answer with the key itself, which therefore nobody may store; a repetition goes without it. */
  @Post()
  @RequirePermission('api-keys:write')
  async create(
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() apiKey: CreateApiKeyBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreatedApiKey> {
    const request = { idempotencyKey, apiKey };
    const created = answered(reply, await this.fleet.call(CreateApiKey, request));
    createdAt(reply, `/api-keys/${created.id}`);
    reply.header('cache-control', 'no-store');
    return created;
  }

  @Get(':id')
  @RequirePermission('api-keys:read')
  get(@Param('id') keyId: Id<'key'>): Promise<ApiKeyView> {
    return this.fleet.call(GetApiKey, { keyId });
  }

  @Delete(':id')
  @RequirePermission('api-keys:write')
  revoke(@Param('id') keyId: Id<'key'>): Promise<RevokedApiKey> {
    return this.fleet.call(RevokeApiKey, { keyId });
  }
}
