import type { Actor } from '@flotilla/contracts/actor';
import type { Answered } from '@flotilla/contracts/idempotency';
import { SkuRequest, VersionedSkuRequest } from '@flotilla/contracts/inventory';
import type { Listing } from '@flotilla/contracts/pages';
import * as products from '@flotilla/contracts/products';
import { Caller } from '@flotilla/messaging/caller';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ProductQueries } from '../repositories/product.queries.js';
import { ChangeProduct } from '../use-cases/change-product.js';
import { CreateProduct } from '../use-cases/create-product.js';

/** The catalogue. Reads name the mode they look at, because it is public. */
@Controller()
export class ProductsController {
  constructor(
    private readonly queries: ProductQueries,
    private readonly createProduct: CreateProduct,
    private readonly changeProduct: ChangeProduct,
  ) {}

  @MessagePattern(products.GetProduct.subject)
  get(@Payload() request: SkuRequest): Promise<products.ProductView> {
    return this.queries.product(request);
  }

  @MessagePattern(products.FindProducts.subject)
  async findMany(
    @Payload() request: products.FindProductsRequest,
  ): Promise<{ data: products.ProductView[] }> {
    return { data: await this.queries.findMany(request) };
  }

  @MessagePattern(products.ListProducts.subject)
  list(@Payload() request: products.ListProductsRequest): Promise<Listing<products.ProductView>> {
    return this.queries.products(request);
  }

  @MessagePattern(products.CreateProduct.subject)
  create(
    @Caller() actor: Actor,
    @Payload() request: products.CreateProductRequest,
  ): Promise<Answered<products.ProductView>> {
    return this.createProduct.execute(request, actor);
  }

  @MessagePattern(products.ChangeProduct.subject)
  change(
    @Caller() actor: Actor,
    @Payload() request: products.ChangeProductRequest,
  ): Promise<products.ProductView> {
    return this.changeProduct.execute(request, actor);
  }

  @MessagePattern(products.ArchiveProduct.subject)
  archive(
    @Caller() actor: Actor,
    @Payload() { sku, version }: VersionedSkuRequest,
  ): Promise<products.ProductView> {
    return this.changeProduct.execute({ sku, version, changes: { status: 'archived' } }, actor);
  }
}
