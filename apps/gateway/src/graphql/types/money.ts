import type { Money as Amount } from '@flotilla/contracts/money';
import { Field, ObjectType } from '@nestjs/graphql';
import { SafeInt } from './scalars.js';

@ObjectType()
export class Money implements Amount {
  @Field(() => SafeInt, { description: 'Minor units.' })
  amount: number;

  @Field(() => String, { description: 'ISO 4217.' })
  currency: string;
}
