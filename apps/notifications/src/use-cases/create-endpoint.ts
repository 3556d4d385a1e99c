import type { Actor } from '@flotilla/contracts/actor';
import type { Answered } from '@flotilla/contracts/idempotency';
import { newUuid } from '@flotilla/contracts/ids';
import {
  CreateWebhookEndpoint,
  type CreateWebhookEndpointRequest,
  type WebhookEndpointWithSecret,
} from '@flotilla/contracts/webhooks';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { type Endpoint, hearsAll, toView } from '../domain/endpoint.js';
import { EndpointSecrets } from '../domain/endpoint-secrets.js';
import { Endpoints, Targets } from './ports.js';

/** Makes an endpoint of the caller's own, which hears of what happens from now on; the first answer alone carries its secret. */
@Injectable()
export class CreateEndpoint {
  constructor(
    private readonly targets: Targets,
    private readonly requests: IdempotentRequests,
    private readonly endpoints: Endpoints,
    private readonly secrets: EndpointSecrets,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `validation-failed` for a URL that nothing is sent to, and what `IdempotentRequests` throws */
  async execute(
    actor: Actor,
    { idempotencyKey: key, endpoint: body }: CreateWebhookEndpointRequest,
  ): Promise<Answered<WebhookEndpointWithSecret>> {
    const url = await this.targets.check(body.url); // network first, outside the transaction
    const name = this.secrets.newName();
    const request = { actor, key, operation: CreateWebhookEndpoint.subject, body };
    const { answer, replayed } = await this.requests.once(request, async (tx) => {
      const now = this.clock.now();
      const endpoint: Endpoint = {
        id: newUuid(now.getTime()),
        userId: actor.userId,
        mode: actor.mode,
        url,
        events: body.events,
        description: body.description ?? null,
        hearsAll: hearsAll(actor),
        disabled: null,
        secrets: { current: name, previous: null, previousUntil: null },
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      await this.endpoints.insert(tx, endpoint);
      return { ...toView(endpoint), secret: null };
    });
    const secret = replayed ? null : this.secrets.textOf(name);
    return { answer: { ...answer, secret }, replayed };
  }
}
