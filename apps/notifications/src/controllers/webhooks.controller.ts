import type { Actor } from '@flotilla/contracts/actor';
import { type EventEnvelope, IDENTITY_EVENTS } from '@flotilla/contracts/events';
import type { Answered } from '@flotilla/contracts/idempotency';
import { type Page, PageQuery } from '@flotilla/contracts/pages';
import {
  ChangeWebhookEndpoint,
  ChangeWebhookEndpointRequest,
  CreateWebhookEndpoint,
  CreateWebhookEndpointRequest,
  GetWebhookEndpoint,
  ListWebhookDeliveries,
  ListWebhookDeliveriesRequest,
  ListWebhookEndpoints,
  RemoveWebhookEndpoint,
  RemoveWebhookEndpointRequest,
  RetryWebhookDelivery,
  RetryWebhookDeliveryRequest,
  RotateWebhookSecret,
  RotateWebhookSecretRequest,
  TestWebhookEndpoint,
  TestWebhookEndpointRequest,
  type WebhookDeliveryView,
  WebhookEndpointIdRequest,
  type WebhookEndpointView,
  type WebhookEndpointWithSecret,
} from '@flotilla/contracts/webhooks';
import { Caller } from '@flotilla/messaging/caller';
import { type EventDelivery, OnEvent } from '@flotilla/messaging/events';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { WebhookQueries } from '../repositories/webhook.queries.js';
import { ChangeEndpoint } from '../use-cases/change-endpoint.js';
import { CreateEndpoint } from '../use-cases/create-endpoint.js';
import { HearOwner } from '../use-cases/hear-owner.js';
import { Deliveries } from '../use-cases/ports.js';
import { RemoveEndpoint } from '../use-cases/remove-endpoint.js';
import { RotateSecret } from '../use-cases/rotate-secret.js';
import { TestEndpoint } from '../use-cases/test-endpoint.js';

/** What notifications answers about webhooks over NATS, and what it hears of their owners. */
@Controller()
export class WebhooksController {
  constructor(
    private readonly creation: CreateEndpoint,
    private readonly changing: ChangeEndpoint,
    private readonly removal: RemoveEndpoint,
    private readonly rotation: RotateSecret,
    private readonly testing: TestEndpoint,
    private readonly owners: HearOwner,
    private readonly sent: Deliveries,
    private readonly queries: WebhookQueries,
  ) {}

  @MessagePattern(CreateWebhookEndpoint.subject)
  create(
    @Caller() actor: Actor,
    @Payload() request: CreateWebhookEndpointRequest,
  ): Promise<Answered<WebhookEndpointWithSecret>> {
    return this.creation.execute(actor, request);
  }

  @MessagePattern(ListWebhookEndpoints.subject)
  list(@Caller() actor: Actor, @Payload() request: PageQuery): Promise<Page<WebhookEndpointView>> {
    return this.queries.list(actor, request);
  }

  @MessagePattern(GetWebhookEndpoint.subject)
  get(
    @Caller() actor: Actor,
    @Payload() { endpointId }: WebhookEndpointIdRequest,
  ): Promise<WebhookEndpointView> {
    return this.queries.get(actor, endpointId);
  }

  @MessagePattern(ChangeWebhookEndpoint.subject)
  change(
    @Caller() actor: Actor,
    @Payload() request: ChangeWebhookEndpointRequest,
  ): Promise<WebhookEndpointView> {
    return this.changing.execute(actor, request);
  }

  @MessagePattern(RemoveWebhookEndpoint.subject)
  remove(
    @Caller() actor: Actor,
    @Payload() request: RemoveWebhookEndpointRequest,
  ): Promise<Record<string, never>> {
    return this.removal.execute(actor, request);
  }

  @MessagePattern(RotateWebhookSecret.subject)
  rotate(
    @Caller() actor: Actor,
    @Payload() request: RotateWebhookSecretRequest,
  ): Promise<Answered<WebhookEndpointWithSecret>> {
    return this.rotation.execute(actor, request);
  }

  @MessagePattern(TestWebhookEndpoint.subject)
  test(
    @Caller() actor: Actor,
    @Payload() request: TestWebhookEndpointRequest,
  ): Promise<Answered<WebhookDeliveryView>> {
    return this.testing.execute(actor, request);
  }

  @MessagePattern(ListWebhookDeliveries.subject)
  deliveries(
    @Caller() actor: Actor,
    @Payload() request: ListWebhookDeliveriesRequest,
  ): Promise<Page<WebhookDeliveryView>> {
    return this.queries.deliveries(actor, request);
  }

  @MessagePattern(RetryWebhookDelivery.subject)
  retry(
    @Caller() actor: Actor,
    @Payload() { endpointId, deliveryId }: RetryWebhookDeliveryRequest,
  ): Promise<WebhookDeliveryView> {
    return this.sent.retry(actor, endpointId, deliveryId);
  }

  @OnEvent(IDENTITY_EVENTS, '>', 'webhooks-of-identity')
  onIdentity(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    return this.owners.execute(delivery.transaction!, event);
  }
}
