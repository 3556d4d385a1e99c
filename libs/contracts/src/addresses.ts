import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  IsInt,
  IsISO31661Alpha2,
  IsNotEmptyObject,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { type Answered, IdempotentRequest } from './idempotency.js';
import type { Id } from './ids.js';
import { IsNotBlank } from './not-blank.js';
import { operation } from './operation.js';
import { Optional } from './optional.js';
import { PostalAddress } from './orders.js';
import { type Page, PageQuery } from './pages.js';
import { CHANGE_ERRORS } from './users.js';

/** An address that a user keeps. */
export interface AddressView {
  id: Id<'adr'>;
  name: string;
  line1: string;
  line2: string | null;
  city: string;
  region: string | null;
  postalCode: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  createdAt: string;
  updatedAt: string;
  version: number;
}

/** The body of `PATCH /users/me/addresses/{id}`: what is left out stays; null takes the second line or the region away. */
export class ChangeAddressBody {
  @Optional()
  @IsString()
  @IsNotBlank()
  @MaxLength(200)
  name?: string;

  @Optional()
  @IsString()
  @IsNotBlank()
  @MaxLength(200)
  line1?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  line2?: string | null;

  @Optional()
  @IsString()
  @IsNotBlank()
  @MaxLength(100)
  city?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  region?: string | null;

  @Optional()
  @IsString()
  @IsNotBlank()
  @MaxLength(20)
  postalCode?: string;

  /** ISO 3166-1 alpha-2. */
  @Optional()
  @Matches(/^[A-Z]{2}$/)
  @IsISO31661Alpha2()
  country?: string;
}

/** An address to be added to the caller's own. */
export class AddAddressRequest extends IdempotentRequest {
  @IsNotEmptyObject()
  @ValidateNested()
  @Type(() => PostalAddress)
  address: PostalAddress;
}

/** An address of the caller's own, at a version or at any. */
export class AddressIdRequest {
  @IsString()
  addressId: Id<'adr'>;

  @IsOptional()
  @IsInt()
  version?: number;
}

export class ChangeAddressRequest extends AddressIdRequest {
  @IsObject()
  @ValidateNested()
  @Type(() => ChangeAddressBody)
  changes: ChangeAddressBody;
}

export const AddAddress = operation<Answered<AddressView>>()(
  'users.add-address.v1',
  AddAddressRequest,
  { idempotent: false, errors: ['idempotency-key-reuse', 'idempotency-key-in-flight'] },
);
export const GetAddress = operation<AddressView>()('users.get-address.v1', AddressIdRequest, {
  idempotent: true,
  errors: ['not-found'],
});
export const ListAddresses = operation<Page<AddressView>>()('users.list-addresses.v1', PageQuery, {
  idempotent: true,
  errors: ['validation-failed'],
});
export const ChangeAddress = operation<AddressView>()(
  'users.change-address.v1',
  ChangeAddressRequest,
  { idempotent: true, errors: CHANGE_ERRORS },
);
export const RemoveAddress = operation<{ id: Id<'adr'> }>()(
  'users.remove-address.v1',
  AddressIdRequest,
  { idempotent: false, errors: CHANGE_ERRORS },
);
