import type { ProductView } from '@flotilla/contracts/products';
import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType } from './connection.js';
import { Money } from './money.js';
import { DateTime, JSONObject } from './scalars.js';

const ProductStatus = { active: 'active', archived: 'archived' } as const;
registerEnumType(ProductStatus, { name: 'ProductStatus' });

@ObjectType()
export class Product implements ProductView {
  @Field(() => String)
  sku: string;

  @Field(() => String)
  name: string;

  @Field(() => String, { nullable: true })
  description: string | null;

  @Field(() => Money)
  price: Money;

  @Field(() => JSONObject)
  attributes: Record<string, unknown>;

  @Field(() => ProductStatus)
  status: ProductView['status'];

  @Field(() => Int, { description: 'Units that may be sold now.' })
  available: number;

  @Field(() => DateTime)
  createdAt: string;

  @Field(() => DateTime)
  updatedAt: string;

  @Field(() => Int)
  version: number;
}

export const ProductConnection = connectionType(Product);
