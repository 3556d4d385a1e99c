import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { Mode } from './actor.js';
import { EVENT_TYPE_NAMES } from './event-feed.js';
import { type Answered, IdempotentRequest } from './idempotency.js';
import type { Id } from './ids.js';
import { operation } from './operation.js';
import { Optional } from './optional.js';
import { type Page, PageQuery } from './pages.js';

/** What is sent when an endpoint is tested; it is no event of the feed. */
export const TEST_EVENT_TYPE = 'webhook.test';

/** The body of `POST /webhook-endpoints`. */
export class CreateWebhookEndpointBody {
  /** Where events are posted to: `https:`, at a public address. */
  @IsString()
  @MaxLength(2_000)
  url: string;

  /** Types of events (`order.paid`), families (`order.*`), or `*`. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsIn(EVENT_TYPE_NAMES, { each: true })
  events: string[];

  @IsOptional()
  @IsString()
  @MaxLength(500)
  description?: string | null;
}

/** The body of `PATCH /webhook-endpoints/{id}`. */
export class ChangeWebhookEndpointBody {
  @Optional()
  @IsString()
  @MaxLength(2_000)
  url?: string;

  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsIn(EVENT_TYPE_NAMES, { each: true })
  events?: string[];

  @IsOptional()
  @IsString()
  @MaxLength(500)
  description?: string | null;

  /** False stops deliveries; true begins with what happens from now on. */
  @Optional()
  @IsBoolean()
  enabled?: boolean;
}

/** The body of `POST /webhook-endpoints/{id}/rotate-secret`. */
export class RotateWebhookSecretBody {
  /** How long deliveries are signed with the old secret as well; a day when left out. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(604_800)
  overlapSeconds?: number;
}

export class CreateWebhookEndpointRequest extends IdempotentRequest {
  @IsObject()
  @ValidateNested()
  @Type(() => CreateWebhookEndpointBody)
  endpoint: CreateWebhookEndpointBody;
}

export class WebhookEndpointIdRequest {
  @IsString()
  endpointId: Id<'whe'>;
}

/** What is to change of an endpoint, if it is at `version` (any when left out). */
export class ChangeWebhookEndpointRequest extends WebhookEndpointIdRequest {
  @IsOptional()
  @IsInt()
  version?: number;

  @IsObject()
  @ValidateNested()
  @Type(() => ChangeWebhookEndpointBody)
  changes: ChangeWebhookEndpointBody;
}

/** The endpoint to remove, if it is at `version` (any when left out). */
export class RemoveWebhookEndpointRequest extends WebhookEndpointIdRequest {
  @IsOptional()
  @IsInt()
  version?: number;
}

export class RotateWebhookSecretRequest extends IdempotentRequest {
  @IsString()
  endpointId: Id<'whe'>;

  @IsObject()
  @ValidateNested()
  @Type(() => RotateWebhookSecretBody)
  rotation: RotateWebhookSecretBody;
}

export class TestWebhookEndpointRequest extends IdempotentRequest {
  @IsString()
  endpointId: Id<'whe'>;
}

export const DELIVERY_STATUSES = ['pending', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** `?status=` of the log of deliveries. */
export class WebhookDeliveriesQuery extends PageQuery {
  @IsOptional()
  @IsIn(DELIVERY_STATUSES)
  status?: DeliveryStatus;
}

export class ListWebhookDeliveriesRequest extends WebhookDeliveriesQuery {
  @IsString()
  endpointId: Id<'whe'>;
}

export class RetryWebhookDeliveryRequest extends WebhookEndpointIdRequest {
  @IsString()
  deliveryId: Id<'dlv'>;
}

/** Why an endpoint gets nothing: its owner wants that, it said 410, or its owner may not enter any more. */
export type DisabledReason = 'asked' | 'gone' | 'owner-disabled';

export interface WebhookEndpointView {
  id: Id<'whe'>;
  url: string;
  events: string[];
  description: string | null;
  mode: Mode;
  enabled: boolean;
  disabledReason: DisabledReason | null;
  version: number;
  createdAt: string;
  updatedAt: string;
}

/** An endpoint with its secret, `whsec_…`: null when the answer is a repetition. */
export interface WebhookEndpointWithSecret extends WebhookEndpointView {
  secret: string | null;
}

/** Why an attempt failed without an answer. */
export type DeliveryFailure = 'address-refused' | 'time-out' | 'no-connection';

/** One event on its way to one endpoint. */
export interface WebhookDeliveryView {
  id: Id<'dlv'>;
  eventId: Id<'evt'>;
  eventType: string;
  status: DeliveryStatus;
  attempts: number;
  lastAttemptAt: string | null;
  nextAttemptAt: string | null;
  /** What the endpoint answered last: an HTTP status. */
  responseStatus: number | null;
  /** Why there was no answer. */
  failure: DeliveryFailure | null;
  durationMs: number | null;
  createdAt: string;
}

const KEYED = ['idempotency-key-reuse', 'idempotency-key-in-flight'] as const;

export const CreateWebhookEndpoint = operation<Answered<WebhookEndpointWithSecret>>()(
  'notifications.create-webhook-endpoint.v1',
  CreateWebhookEndpointRequest,
  { idempotent: false, errors: ['validation-failed', ...KEYED] },
);
export const ListWebhookEndpoints = operation<Page<WebhookEndpointView>>()(
  'notifications.list-webhook-endpoints.v1',
  PageQuery,
  { idempotent: true },
);
export const GetWebhookEndpoint = operation<WebhookEndpointView>()(
  'notifications.get-webhook-endpoint.v1',
  WebhookEndpointIdRequest,
  { idempotent: true, errors: ['not-found'] },
);
export const ChangeWebhookEndpoint = operation<WebhookEndpointView>()(
  'notifications.change-webhook-endpoint.v1',
  ChangeWebhookEndpointRequest,
  { idempotent: true, errors: ['not-found', 'validation-failed', 'precondition-failed'] },
);
export const RemoveWebhookEndpoint = operation<Record<string, never>>()(
  'notifications.remove-webhook-endpoint.v1',
  RemoveWebhookEndpointRequest,
  { idempotent: true, errors: ['not-found', 'precondition-failed'] },
);
export const RotateWebhookSecret = operation<Answered<WebhookEndpointWithSecret>>()(
  'notifications.rotate-webhook-secret.v1',
  RotateWebhookSecretRequest,
  { idempotent: false, errors: ['not-found', ...KEYED] },
);
export const TestWebhookEndpoint = operation<Answered<WebhookDeliveryView>>()(
  'notifications.test-webhook-endpoint.v1',
  TestWebhookEndpointRequest,
  { idempotent: false, errors: ['not-found', 'illegal-transition', ...KEYED] },
);
export const ListWebhookDeliveries = operation<Page<WebhookDeliveryView>>()(
  'notifications.list-webhook-deliveries.v1',
  ListWebhookDeliveriesRequest,
  { idempotent: true, errors: ['not-found'] },
);
export const RetryWebhookDelivery = operation<WebhookDeliveryView>()(
  'notifications.retry-webhook-delivery.v1',
  RetryWebhookDeliveryRequest,
  { idempotent: true, errors: ['not-found', 'illegal-transition'] },
);
