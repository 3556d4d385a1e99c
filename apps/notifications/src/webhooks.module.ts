import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CheckedTargets } from './clients/checked-targets.js';
import { HttpWebhookSender } from './clients/http-webhook-sender.js';
import type { WebhooksConfig } from './config.js';
import { WebhookDispatcher } from './controllers/webhook-dispatcher.js';
import { WebhookFanOut } from './controllers/webhook-fan-out.js';
import { WebhooksController } from './controllers/webhooks.controller.js';
import { EndpointSecrets } from './domain/endpoint-secrets.js';
import { DeliveriesRepository } from './repositories/deliveries.repository.js';
import { DeliveryQueue } from './repositories/delivery-queue.js';
import { EndpointsRepository } from './repositories/endpoints.repository.js';
import { WebhookQueries } from './repositories/webhook.queries.js';
import { ChangeEndpoint } from './use-cases/change-endpoint.js';
import { CreateEndpoint } from './use-cases/create-endpoint.js';
import { Deliver } from './use-cases/deliver.js';
import { HearOwner } from './use-cases/hear-owner.js';
import { Deliveries, Endpoints, Targets, WebhookSender } from './use-cases/ports.js';
import { RemoveEndpoint } from './use-cases/remove-endpoint.js';
import { RotateSecret } from './use-cases/rotate-secret.js';
import { TestEndpoint } from './use-cases/test-endpoint.js';

/** Webhooks: endpoints, who hears of what, and the way out. */
@Module({})
export class WebhooksModule implements OnApplicationShutdown {
  constructor(@Inject(WebhookSender) private readonly sender: HttpWebhookSender) {}

  static forRoot({ keys, allowPrivateTargets: allowPrivate }: WebhooksConfig): DynamicModule {
    return {
      module: WebhooksModule,
      controllers: [WebhooksController],
      providers: [
        IdempotentRequests,
        ChangeEndpoint,
        CreateEndpoint,
        Deliver,
        HearOwner,
        RemoveEndpoint,
        RotateSecret,
        TestEndpoint,
        DeliveryQueue,
        WebhookQueries,
        WebhookDispatcher,
        WebhookFanOut,
        { provide: EndpointSecrets, useValue: new EndpointSecrets(keys) },
        { provide: Endpoints, useClass: EndpointsRepository },
        { provide: Deliveries, useClass: DeliveriesRepository },
        { provide: Targets, useValue: new CheckedTargets(allowPrivate) },
        { provide: WebhookSender, useValue: new HttpWebhookSender({ allowPrivate }) },
      ],
    };
  }

  onApplicationShutdown(): void {
    this.sender.close();
  }
}
