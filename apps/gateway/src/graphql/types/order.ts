import type { Id } from '@flotilla/contracts/ids';
import type {
  FulfillmentStatus as Fulfillment,
  OrderItemView,
  OrderStatus as Status,
  OrderView,
  PaymentStatus as Payment,
  PostalAddress as Address,
} from '@flotilla/contracts/orders';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType } from './connection.js';
import { Money } from './money.js';
import { DateTime, JSONObject } from './scalars.js';

export const OrderStatus: { [Name in Status]: Name } = {
  pending: 'pending',
  confirmed: 'confirmed',
  completed: 'completed',
  cancelled: 'cancelled',
  expired: 'expired',
};
const PaymentStatus: { [Name in Payment]: Name } = {
  none: 'none',
  authorized: 'authorized',
  captured: 'captured',
  partially_refunded: 'partially_refunded',
  refunded: 'refunded',
};
const FulfillmentStatus: { [Name in Fulfillment]: Name } = {
  unfulfilled: 'unfulfilled',
  partial: 'partial',
  fulfilled: 'fulfilled',
  returned: 'returned',
};
registerEnumType(OrderStatus, { name: 'OrderStatus' });
registerEnumType(PaymentStatus, { name: 'PaymentStatus' });
registerEnumType(FulfillmentStatus, { name: 'FulfillmentStatus' });

@ObjectType()
export class PostalAddress implements Address {
  @Field(() => String)
  name: string;

  @Field(() => String)
  line1: string;

  @Field(() => String, { nullable: true })
  line2?: string;

  @Field(() => String)
  city: string;

  @Field(() => String, { nullable: true })
  region?: string;

  @Field(() => String)
  postalCode: string;

  @Field(() => String, { description: 'ISO 3166-1 alpha-2.' })
  country: string;
}

/** A line of an order, with its price as it was when the order was placed. */
@ObjectType()
export class OrderItem implements OrderItemView {
  @Field(() => String)
  sku: string;

  @Field(() => String)
  name: string;

  @Field(() => Int)
  quantity: number;

  @Field(() => Money)
  unitPrice: Money;

  @Field(() => Money)
  total: Money;
}

@ObjectType()
export class Order implements OrderView {
  @Field(() => ID)
  id: Id<'ord'>;

  @Field(() => String)
  number: string;

  @Field(() => OrderStatus)
  status: Status;

  @Field(() => PaymentStatus)
  paymentStatus: Payment;

  @Field(() => FulfillmentStatus)
  fulfillmentStatus: Fulfillment;

  @Field(() => String, { description: 'ISO 4217.' })
  currency: string;

  @Field(() => [OrderItem])
  items: OrderItem[];

  @Field(() => Money)
  total: Money;

  @Field(() => PostalAddress, { nullable: true })
  shippingAddress: PostalAddress | null;

  @Field(() => JSONObject)
  metadata: Record<string, unknown>;

  @Field(() => DateTime, { nullable: true })
  expiresAt: string | null;

  @Field(() => Int)
  version: number;

  @Field(() => DateTime)
  createdAt: string;

  @Field(() => DateTime)
  updatedAt: string;

  /** Whose it is, where that is known already; no field of the schema. */
  userId?: Id<'usr'>;
}

export const OrderConnection = connectionType(Order);
