import type { Actor } from '@flotilla/contracts/actor';
import type { Answered } from '@flotilla/contracts/idempotency';
import {
  TestWebhookEndpoint,
  type TestWebhookEndpointRequest,
  type WebhookDeliveryView,
} from '@flotilla/contracts/webhooks';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { disabledEndpoint, type Endpoint } from '../domain/endpoint.js';
import { Deliveries, Endpoints } from './ports.js';

/** Sends an endpoint something that is no event, so that its owner sees whether it works. */
@Injectable()
export class TestEndpoint {
  constructor(
    private readonly requests: IdempotentRequests,
    private readonly endpoints: Endpoints,
    private readonly deliveries: Deliveries,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `not-found`, `illegal-transition` for one that is disabled, and what `IdempotentRequests` throws */
  execute(
    actor: Actor,
    { idempotencyKey: key, endpointId }: TestWebhookEndpointRequest,
  ): Promise<Answered<WebhookDeliveryView>> {
    const request = { actor, key, operation: TestWebhookEndpoint.subject, body: { endpointId } };
    return this.requests.once(request, async (tx) => {
      const endpoint = await this.endpoints.update(tx, actor, endpointId, asEnabled);
      return this.deliveries.addTest(tx, endpoint, this.clock.now());
    });
  }
}

function asEnabled(endpoint: Endpoint): Endpoint {
  if (endpoint.disabled === null) return endpoint;
  throw disabledEndpoint();
}
