import type { Answered } from '@flotilla/contracts/idempotency';
import type { Id } from '@flotilla/contracts/ids';
import { type Page, PageQuery } from '@flotilla/contracts/pages';
import {
  ChangeWebhookEndpoint,
  ChangeWebhookEndpointBody,
  CreateWebhookEndpoint,
  CreateWebhookEndpointBody,
  GetWebhookEndpoint,
  ListWebhookDeliveries,
  ListWebhookEndpoints,
  RemoveWebhookEndpoint,
  RetryWebhookDelivery,
  RotateWebhookSecret,
  RotateWebhookSecretBody,
  TestWebhookEndpoint,
  WebhookDeliveriesQuery,
  type WebhookDeliveryView,
  type WebhookEndpointView,
  type WebhookEndpointWithSecret,
} from '@flotilla/contracts/webhooks';
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
import { Answers } from '../http/answers.js';
import { OptionalIdempotencyKey } from '../http/idempotency-key.js';
import { IfMatch, Precondition } from '../http/precondition.js';
import { NoFields } from './bodies.js';

/** Where events are posted to, signed as Standard Webhooks says. */
@Controller('webhook-endpoints')
export class WebhookEndpointsController {
  constructor(private readonly fleet: FleetClient) {}

  /** Hears of the caller's own things, or with `events:read` of everybody's. The only answer with the secret; a repetition goes without it. */
  @Post()
  @RequirePermission('webhooks:write')
  @Header('cache-control', 'no-store')
  @Answers({ location: '/webhook-endpoints/:id' })
  create(
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() endpoint: CreateWebhookEndpointBody,
  ): Promise<Answered<WebhookEndpointWithSecret>> {
    return this.fleet.call(CreateWebhookEndpoint, { idempotencyKey, endpoint });
  }

  @Get()
  @RequirePermission('webhooks:read')
  list(@Query() query: PageQuery): Promise<Page<WebhookEndpointView>> {
    return this.fleet.call(ListWebhookEndpoints, query);
  }

  @Get(':id')
  @RequirePermission('webhooks:read')
  get(@Param('id') endpointId: Id<'whe'>): Promise<WebhookEndpointView> {
    return this.fleet.call(GetWebhookEndpoint, { endpointId });
  }

  @Patch(':id')
  @RequirePermission('webhooks:write')
  @Answers({ represents: '/webhook-endpoints/:id' })
  async change(
    @Param('id') endpointId: Id<'whe'>,
    @IfMatch() precondition: Precondition,
    @Body() changes: ChangeWebhookEndpointBody,
  ): Promise<WebhookEndpointView> {
    const version = await precondition.version(() => this.get(endpointId));
    return this.fleet.call(ChangeWebhookEndpoint, { endpointId, version, changes });
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('webhooks:write')
  async remove(
    @Param('id') endpointId: Id<'whe'>,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    const version = await precondition.version(() => this.get(endpointId));
    await this.fleet.call(RemoveWebhookEndpoint, { endpointId, version });
  }

  /** Another secret, shown once; messages are signed with both until the overlap is over. */
  @Post(':id/rotate-secret')
  @HttpCode(200)
  @RequirePermission('webhooks:write')
  @Header('cache-control', 'no-store')
  @Answers()
  rotateSecret(
    @Param('id') endpointId: Id<'whe'>,
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() rotation: RotateWebhookSecretBody,
  ): Promise<Answered<WebhookEndpointWithSecret>> {
    return this.fleet.call(RotateWebhookSecret, { endpointId, idempotencyKey, rotation });
  }

  /** Sends a message of the type `webhook.test` at once; the log tells what came of it. */
  @Post(':id/test')
  @HttpCode(202)
  @RequirePermission('webhooks:write')
  @Answers()
  test(
    @Param('id') endpointId: Id<'whe'>,
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body(NoFields) _body: unknown,
  ): Promise<Answered<WebhookDeliveryView>> {
    return this.fleet.call(TestWebhookEndpoint, { endpointId, idempotencyKey });
  }

  /** What was sent in the last 30 days and what came of it, newest first. */
  @Get(':id/deliveries')
  @RequirePermission('webhooks:read')
  deliveries(
    @Param('id') endpointId: Id<'whe'>,
    @Query() query: WebhookDeliveriesQuery,
  ): Promise<Page<WebhookDeliveryView>> {
    return this.fleet.call(ListWebhookDeliveries, { endpointId, ...query });
  }

  /** Sends once more what was delivered or given up, for another three days if need be. */
  @Post(':id/deliveries/:deliveryId/retry')
  @HttpCode(202)
  @RequirePermission('webhooks:write')
  retry(
    @Body(NoFields) _body: unknown,
    @Param('id') endpointId: Id<'whe'>,
    @Param('deliveryId') deliveryId: Id<'dlv'>,
  ): Promise<WebhookDeliveryView> {
    return this.fleet.call(RetryWebhookDelivery, { endpointId, deliveryId });
  }
}
