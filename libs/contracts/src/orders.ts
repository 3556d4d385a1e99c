import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO31661Alpha2,
  IsNotEmptyObject,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { EventActor } from './events.js';
import { IDEMPOTENCY_KEY_PATTERN } from './idempotency.js';
import type { Id } from './ids.js';
import { MAX_LINE_QUANTITY, MAX_ORDER_LINES, SKU_PATTERN } from './inventory.js';
import { Money } from './money.js';
import { IsNotBlank } from './not-blank.js';
import { operation } from './operation.js';
import { type Page, PageQuery } from './pages.js';
import { Verbatim } from './verbatim.js';

export const ORDER_STATUSES = [
  'pending',
  'confirmed',
  'completed',
  'cancelled',
  'expired',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];
export type PaymentStatus = 'none' | 'authorized' | 'captured' | 'partially_refunded' | 'refunded';
export type FulfillmentStatus = 'unfulfilled' | 'partial' | 'fulfilled' | 'returned';

/** One day, in minutes. */
export const MAX_HOLD_MINUTES = 1440;

export class PostalAddress {
  @IsString()
  @IsNotBlank()
  @MaxLength(200)
  name: string;

  @IsString()
  @IsNotBlank()
  @MaxLength(200)
  line1: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  line2?: string;

  @IsString()
  @IsNotBlank()
  @MaxLength(100)
  city: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  region?: string;

  @IsString()
  @IsNotBlank()
  @MaxLength(20)
  postalCode: string;

  /** ISO 3166-1 alpha-2. */
  @Matches(/^[A-Z]{2}$/)
  @IsISO31661Alpha2()
  country: string;
}

export class OrderItemInput {
  @Matches(SKU_PATTERN)
  sku: string;

  @IsInt()
  @Min(1)
  @Max(MAX_LINE_QUANTITY)
  quantity: number;
}

/** The body of `POST /orders`. Prices come from the catalogue, so there is no field for one. */
export class PlaceOrderBody {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_ORDER_LINES)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OrderItemInput)
  items: OrderItemInput[];

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_HOLD_MINUTES)
  holdMinutes?: number;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => PostalAddress)
  shippingAddress?: PostalAddress;

  /** The client's own data, returned as it came; at most 16 KiB of JSON. */
  @IsOptional()
  @IsObject()
  @Verbatim()
  metadata?: Record<string, unknown>;
}

export class PlaceOrderRequest {
  @Matches(IDEMPOTENCY_KEY_PATTERN)
  idempotencyKey: string;

  @IsNotEmptyObject()
  @ValidateNested()
  @Type(() => PlaceOrderBody)
  order: PlaceOrderBody;
}

export class OrderIdRequest {
  @IsString()
  orderId: Id<'ord'>;
}

export class CancelOrderRequest extends OrderIdRequest {
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string;
}

/** The body of `POST /orders/{id}/fulfillments`; without items all that is left to ship. */
export class FulfillOrderBody {
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_ORDER_LINES)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OrderItemInput)
  items?: OrderItemInput[];

  @IsOptional()
  @IsString()
  @IsNotBlank()
  @MaxLength(200)
  trackingNumber?: string;
}

/** The body of `POST /orders/{id}/payments`: money that arrived. */
export class RecordPaymentBody {
  @IsObject()
  @ValidateNested()
  @Type(() => Money)
  amount: Money;

  /** What the payment is known as where it came from. */
  @IsString()
  @IsNotBlank()
  @MaxLength(200)
  reference: string;
}

/** The body of `POST /orders/{id}/refunds`. */
export class RefundOrderBody {
  @IsObject()
  @ValidateNested()
  @Type(() => Money)
  amount: Money;

  @IsString()
  @IsNotBlank()
  @MaxLength(500)
  reason: string;
}

/** The body of `POST /orders/{id}/returns`. */
export class ReturnItemsBody {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_ORDER_LINES)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OrderItemInput)
  items: OrderItemInput[];

  /** Whether the units may be sold again. */
  @IsBoolean()
  restock: boolean;
}

/** A change that happens once per order, principal and key, however often it is asked for. */
export class ChangeOnceRequest extends OrderIdRequest {
  @Matches(IDEMPOTENCY_KEY_PATTERN)
  idempotencyKey: string;
}

export class FulfillOrderRequest extends ChangeOnceRequest {
  @IsObject()
  @ValidateNested()
  @Type(() => FulfillOrderBody)
  body: FulfillOrderBody;
}

export class RecordPaymentRequest extends ChangeOnceRequest {
  @IsObject()
  @ValidateNested()
  @Type(() => RecordPaymentBody)
  body: RecordPaymentBody;
}

export class RefundOrderRequest extends ChangeOnceRequest {
  @IsObject()
  @ValidateNested()
  @Type(() => RefundOrderBody)
  body: RefundOrderBody;
}

export class ReturnItemsRequest extends ChangeOnceRequest {
  @IsObject()
  @ValidateNested()
  @Type(() => ReturnItemsBody)
  body: ReturnItemsBody;
}

export class ListOrdersRequest extends PageQuery {
  @IsOptional()
  @IsIn(ORDER_STATUSES)
  status?: OrderStatus;
}

export interface OrderItemView {
  sku: string;
  name: string;
  quantity: number;
  unitPrice: Money;
  total: Money;
}

export interface OrderView {
  id: Id<'ord'>;
  number: string;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  fulfillmentStatus: FulfillmentStatus;
  currency: string;
  items: OrderItemView[];
  total: Money;
  shippingAddress: PostalAddress | null;
  metadata: Record<string, unknown>;
  expiresAt: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
}

/** The order as it was first answered, and whether this answer is a repetition. */
export interface OrderAnswer {
  order: OrderView;
  replayed: boolean;
}

export interface OrderEventView {
  id: Id<'evt'>;
  type: string;
  version: number;
  occurredAt: string;
  actor: EventActor;
  data: unknown;
}

/** What the sweeper of holds is told of an order id: the order row decides, and this writes it if nobody did. */
export type OrderFate = { fate: 'placed'; status: OrderStatus } | { fate: 'voided' };

export const PlaceOrder = operation<OrderAnswer>()('orders.place-order.v1', PlaceOrderRequest, {
  idempotent: true,
  errors: [
    'insufficient-stock',
    'unknown-sku',
    'validation-failed',
    'idempotency-key-reuse',
    'idempotency-key-in-flight',
    'order-voided',
  ],
});
export const GetOrder = operation<OrderView>()('orders.get-order.v1', OrderIdRequest, {
  idempotent: true,
  errors: ['not-found'],
});
export const ListOrders = operation<Page<OrderView>>()('orders.list-orders.v1', ListOrdersRequest, {
  idempotent: true,
});
export const GetOrderEvents = operation<{ data: OrderEventView[] }>()(
  'orders.get-order-events.v1',
  OrderIdRequest,
  { idempotent: true, errors: ['not-found'] },
);
export const ConfirmOrder = operation<OrderView>()('orders.confirm-order.v1', OrderIdRequest, {
  idempotent: true,
  errors: ['not-found', 'illegal-transition', 'hold-expired'],
});
export const CancelOrder = operation<OrderView>()('orders.cancel-order.v1', CancelOrderRequest, {
  idempotent: true,
  errors: ['not-found', 'illegal-transition'],
});
const CHANGE_ERRORS = ['not-found', 'illegal-transition', 'idempotency-key-reuse'] as const;

export const FulfillOrder = operation<OrderAnswer>()(
  'orders.fulfill-order.v1',
  FulfillOrderRequest,
  { idempotent: true, errors: [...CHANGE_ERRORS, 'quantity-exceeded', 'unknown-sku'] },
);
export const RecordPayment = operation<OrderAnswer>()(
  'orders.record-payment.v1',
  RecordPaymentRequest,
  { idempotent: true, errors: [...CHANGE_ERRORS, 'amount-exceeded', 'validation-failed'] },
);
export const RefundOrder = operation<OrderAnswer>()('orders.refund-order.v1', RefundOrderRequest, {
  idempotent: true,
  errors: [...CHANGE_ERRORS, 'amount-exceeded', 'validation-failed'],
});
export const ReturnItems = operation<OrderAnswer>()('orders.return-items.v1', ReturnItemsRequest, {
  idempotent: true,
  errors: [...CHANGE_ERRORS, 'quantity-exceeded', 'unknown-sku'],
});
/** Asked by inventory for holds that nobody decided within the grace: void the id, or say what became of it. */
export const ResolveOrder = operation<OrderFate>()('orders.resolve-order.v1', OrderIdRequest, {
  idempotent: true,
});

/** Units of a line, by the SKU as the order spells it. */
export interface LineUnits {
  sku: string;
  quantity: number;
}

/** The request that an event answers, to tell a retry from another request under the same key; none asked for some refunds. */
interface Requested {
  requestHash?: string;
}

/** Events of an order, by type. Version 1 is `order.placed` or `order.voided`: whichever was written first. */
export interface OrderEvents {
  'order.placed': {
    number: string;
    status: 'pending' | 'confirmed';
    currency: string;
    items: OrderItemView[];
    total: Money;
    shippingAddress: PostalAddress | null;
    metadata: Record<string, unknown>;
    expiresAt: string | null;
    requestHash: string;
  };
  'order.voided': { reason: string };
  'order.confirmed': Record<string, never>;
  'order.cancelled': { reason: string | null };
  'order.expired': Record<string, never>;
  'order.paid': { paymentId: Id<'pay'>; amount: Money; reference: string } & Requested;
  'order.refunded': { refundId: Id<'rfd'>; amount: Money; reason: string } & Requested;
  'order.fulfilled': {
    fulfillmentId: Id<'ful'>;
    items: LineUnits[];
    trackingNumber: string | null;
  } & Requested;
  'order.returned': { returnId: Id<'ret'>; items: LineUnits[]; restock: boolean } & Requested;
}
