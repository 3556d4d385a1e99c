import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
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
import { SKU_PATTERN } from './inventory.js';
import { Money } from './money.js';
import { IsNotBlank } from './not-blank.js';
import { operation } from './operation.js';
import { type Listing, PageQuery } from './pages.js';
import { MAX_LINE_QUANTITY, MAX_ORDER_LINES } from './stock-holds.js';
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

export class ListOrdersRequest extends PageQuery {
  @IsOptional()
  @IsIn(ORDER_STATUSES)
  status?: OrderStatus;
}

export class FindOrdersRequest {
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  orderIds: Id<'ord'>[];
}

/** One list: the orders of a user. */
export class UserOrdersQuery extends ListOrdersRequest {
  @IsString()
  userId: Id<'usr'>;
}

export class ListUserOrdersRequest {
  @IsArray()
  @ArrayMaxSize(100)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => UserOrdersQuery)
  lists: UserOrdersQuery[];
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

/** An order, and whose it is. */
export interface OwnedOrder {
  userId: Id<'usr'>;
  order: OrderView;
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
export const ListOrders = operation<Listing<OrderView>>()(
  'orders.list-orders.v1',
  ListOrdersRequest,
  {
    idempotent: true,
  },
);
/** Those among these that the caller may see, in no particular order. */
export const FindOrders = operation<{ data: OwnedOrder[] }>()(
  'orders.find-many.v1',
  FindOrdersRequest,
  { idempotent: true },
);
/** Several lists at once, in the order they are asked for; those of a user whose orders the caller may not see are empty. */
export const ListUserOrders = operation<{ data: Listing<OrderView>[] }>()(
  'orders.list-user-orders.v1',
  ListUserOrdersRequest,
  { idempotent: true, errors: ['validation-failed'] },
);
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
/**
 * Asked by inventory for holds that nobody decided within the grace, and for sales that nobody confirmed in time: void the
 * id, or end the order if its time is up, or say what became of it.
 */
export const ResolveOrder = operation<OrderFate>()('orders.resolve-order.v1', OrderIdRequest, {
  idempotent: true,
});
