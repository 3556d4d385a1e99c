import type { Actor } from '@flotilla/contracts/actor';
import type { Answered } from '@flotilla/contracts/idempotency';
import {
  RotateWebhookSecret,
  type RotateWebhookSecretRequest,
  type WebhookEndpointWithSecret,
} from '@flotilla/contracts/webhooks';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { toView, withSecret } from '../domain/endpoint.js';
import { EndpointSecrets } from '../domain/endpoint-secrets.js';
import { Endpoints } from './ports.js';

/** A day, in seconds. */
const DEFAULT_OVERLAP_SECONDS = 86_400;

/** Gives an endpoint another secret; the first answer alone carries it. */
@Injectable()
export class RotateSecret {
  constructor(
    private readonly requests: IdempotentRequests,
    private readonly endpoints: Endpoints,
    private readonly secrets: EndpointSecrets,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `not-found`, and what `IdempotentRequests` throws */
  async execute(
    actor: Actor,
    { idempotencyKey: key, endpointId, rotation }: RotateWebhookSecretRequest,
  ): Promise<Answered<WebhookEndpointWithSecret>> {
    const { overlapSeconds = DEFAULT_OVERLAP_SECONDS } = rotation;
    const name = this.secrets.newName();
    const body = { endpointId, overlapSeconds };
    const request = { actor, key, operation: RotateWebhookSecret.subject, body };
    const { answer, replayed } = await this.requests.once(request, async (tx) => {
      const now = this.clock.now();
      const rotated = await this.endpoints.update(tx, actor, endpointId, (endpoint) =>
        withSecret(endpoint, name, overlapSeconds, now),
      );
      return { ...toView(rotated), secret: null };
    });
    const secret = replayed ? null : this.secrets.textOf(name);
    return { answer: { ...answer, secret }, replayed };
  }
}
