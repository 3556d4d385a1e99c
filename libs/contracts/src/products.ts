import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { MODES, type Mode } from './actor.js';
import { type Answered, IdempotentRequest } from './idempotency.js';
import { MAX_STOCK, SKU_PATTERN, SkuRequest, VersionedSkuRequest } from './inventory.js';
import { Money } from './money.js';
import { IsNotBlank } from './not-blank.js';
import { operation } from './operation.js';
import { Optional } from './optional.js';
import { type Listing, PageQuery } from './pages.js';

/** How many may be asked for at once. */
export const MAX_PRODUCTS = 500;

export interface ProductView {
  sku: string;
  name: string;
  description: string | null;
  price: Money;
  attributes: Record<string, unknown>;
  status: 'active' | 'archived';
  /** Units that may be sold now. */
  available: number;
  createdAt: string;
  updatedAt: string;
  version: number;
}

/** The body of `POST /products`. */
export class CreateProductBody {
  @Matches(SKU_PATTERN)
  sku: string;

  @IsString()
  @IsNotBlank()
  @MaxLength(500)
  name: string;

  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  description?: string | null;

  @IsObject()
  @ValidateNested()
  @Type(() => Money)
  price: Money;

  /**
   * The seller's own data, at most 16 KiB of JSON. `lowStockThreshold`, units, says when stock is low: 5 without it.
   */
  @Optional()
  @IsObject()
  attributes?: Record<string, unknown>;

  @Optional()
  @IsInt()
  @Min(0)
  @Max(MAX_STOCK)
  initialStock?: number;
}

/** The body of `PATCH /products/{sku}`: what is left out stays; null takes the description away. */
export class ChangeProductBody {
  @Optional()
  @IsString()
  @IsNotBlank()
  @MaxLength(500)
  name?: string;

  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  description?: string | null;

  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => Money)
  price?: Money;

  /** All of them: they replace those before. */
  @Optional()
  @IsObject()
  attributes?: Record<string, unknown>;

  /** `active` brings an archived product back. */
  @Optional()
  @IsIn(['active', 'archived'])
  status?: ProductView['status'];
}

/** Creates a product in the mode of the caller. */
export class CreateProductRequest extends IdempotentRequest {
  @IsObject()
  @ValidateNested()
  @Type(() => CreateProductBody)
  product: CreateProductBody;
}

export class ChangeProductRequest extends VersionedSkuRequest {
  @IsObject()
  @ValidateNested()
  @Type(() => ChangeProductBody)
  changes: ChangeProductBody;
}

export class FindProductsRequest {
  @IsIn(MODES)
  mode: Mode;

  @IsArray()
  @ArrayMaxSize(MAX_PRODUCTS)
  @Matches(SKU_PATTERN, { each: true })
  skus: string[];
}

export class ListProductsRequest extends PageQuery {
  @IsIn(MODES)
  mode: Mode;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  search?: string;
}

export const GetProduct = operation<ProductView>()('inventory.get-product.v1', SkuRequest, {
  idempotent: true,
  errors: ['not-found'],
});
/** Those among these that there are, archived ones too, in no particular order. */
export const FindProducts = operation<{ data: ProductView[] }>()(
  'inventory.find-products.v1',
  FindProductsRequest,
  { idempotent: true },
);
export const ListProducts = operation<Listing<ProductView>>()(
  'inventory.list-products.v1',
  ListProductsRequest,
  { idempotent: true },
);
export const CreateProduct = operation<Answered<ProductView>>()(
  'inventory.create-product.v1',
  CreateProductRequest,
  {
    idempotent: true,
    errors: [
      'sku-taken',
      'validation-failed',
      'idempotency-key-reuse',
      'idempotency-key-in-flight',
    ],
  },
);
export const ChangeProduct = operation<ProductView>()(
  'inventory.change-product.v1',
  ChangeProductRequest,
  { idempotent: true, errors: ['not-found', 'precondition-failed', 'validation-failed'] },
);
/** Takes a product off the shelves: it cannot be ordered any more, and orders that have it keep it. */
export const ArchiveProduct = operation<ProductView>()(
  'inventory.archive-product.v1',
  VersionedSkuRequest,
  { idempotent: true, errors: ['not-found', 'precondition-failed'] },
);
