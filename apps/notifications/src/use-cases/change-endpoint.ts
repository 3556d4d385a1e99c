import type { Actor } from '@flotilla/contracts/actor';
import type {
  ChangeWebhookEndpointRequest,
  WebhookEndpointView,
} from '@flotilla/contracts/webhooks';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { toView, withChanges } from '../domain/endpoint.js';
import { assertVersion } from './assert-version.js';
import { Endpoints, Targets } from './ports.js';

/** Changes where an endpoint is, what it hears of, and whether it does. */
@Injectable()
export class ChangeEndpoint {
  constructor(
    private readonly targets: Targets,
    private readonly endpoints: Endpoints,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `not-found`, `precondition-failed`, `validation-failed` for a URL that nothing is sent to */
  async execute(
    actor: Actor,
    { endpointId, version, changes }: ChangeWebhookEndpointRequest,
  ): Promise<WebhookEndpointView> {
    const { url } = changes;
    // Network first, outside the transaction.
    const checked =
      url === undefined ? changes : { ...changes, url: await this.targets.check(url) };
    const changed = await this.endpoints.change(actor, endpointId, (endpoint) => {
      assertVersion(endpoint, version);
      return withChanges(endpoint, checked, actor, this.clock.now());
    });
    return toView(changed);
  }
}
