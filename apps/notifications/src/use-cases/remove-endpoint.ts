import type { Actor } from '@flotilla/contracts/actor';
import type { RemoveWebhookEndpointRequest } from '@flotilla/contracts/webhooks';
import { Injectable } from '@nestjs/common';
import { assertVersion } from './assert-version.js';
import { Endpoints } from './ports.js';

/** Removes an endpoint; nothing more is sent to it, and its log goes with it. */
@Injectable()
export class RemoveEndpoint {
  constructor(private readonly endpoints: Endpoints) {}

  /** @throws AppError `not-found`, `precondition-failed` */
  async execute(
    actor: Actor,
    { endpointId, version }: RemoveWebhookEndpointRequest,
  ): Promise<Record<string, never>> {
    await this.endpoints.remove(actor, endpointId, (endpoint) => assertVersion(endpoint, version));
    return {};
  }
}
