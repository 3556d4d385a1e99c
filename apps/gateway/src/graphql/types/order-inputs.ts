import type { Id } from '@flotilla/contracts/ids';
import {
  OrderItemInput,
  type OrderStatus as Status,
  PlaceOrderBody,
  PostalAddress,
} from '@flotilla/contracts/orders';
import { ArgsType, Field, ID, InputType, Int } from '@nestjs/graphql';
import { IsOptional, IsString } from 'class-validator';
import { CancelOrderBody } from '../../rest/bodies.js';
import { ConnectionArgs } from './connection.js';
import { OrderStatus } from './order.js';
import { JSONObject } from './scalars.js';

@ArgsType()
export class OrdersArgs extends ConnectionArgs {
  @Field(() => OrderStatus, { nullable: true })
  @IsOptional()
  status?: Status | null;
}

@InputType('OrderItemInput')
class ItemInput extends OrderItemInput {
  @Field(() => String)
  override sku: string;

  @Field(() => Int)
  override quantity: number;
}

@InputType()
class PostalAddressInput extends PostalAddress {
  @Field(() => String)
  override name: string;

  @Field(() => String)
  override line1: string;

  @Field(() => String, { nullable: true })
  override line2?: string;

  @Field(() => String)
  override city: string;

  @Field(() => String, { nullable: true })
  override region?: string;

  @Field(() => String)
  override postalCode: string;

  @Field(() => String, { description: 'ISO 3166-1 alpha-2.' })
  override country: string;
}

/** As the body of `POST /orders`, and its `Idempotency-Key`. */
@InputType()
export class PlaceOrderInput extends PlaceOrderBody {
  @Field(() => String, { description: 'Repeating the mutation under it places no other order.' })
  @IsString()
  idempotencyKey: string;

  @Field(() => [ItemInput])
  override items: ItemInput[];

  @Field(() => Int, {
    nullable: true,
    description: 'How long stock is held until it is confirmed.',
  })
  override holdMinutes?: number;

  @Field(() => PostalAddressInput, { nullable: true })
  override shippingAddress?: PostalAddressInput;

  @Field(() => JSONObject, { nullable: true })
  override metadata?: Record<string, unknown>;
}

@InputType()
export class ConfirmOrderInput {
  @Field(() => ID)
  @IsString()
  id: Id<'ord'>;
}

/** As the body of `POST /orders/{id}/cancel`. */
@InputType()
export class CancelOrderInput extends CancelOrderBody {
  @Field(() => ID)
  @IsString()
  id: Id<'ord'>;

  @Field(() => String, { nullable: true })
  override reason?: string;
}
