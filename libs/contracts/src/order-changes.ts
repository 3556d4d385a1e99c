import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { IDEMPOTENCY_KEY_PATTERN } from './idempotency.js';
import { Money } from './money.js';
import { IsNotBlank } from './not-blank.js';
import { operation } from './operation.js';
import { type OrderAnswer, OrderIdRequest, OrderItemInput } from './orders.js';
import { MAX_ORDER_LINES } from './stock-holds.js';

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
