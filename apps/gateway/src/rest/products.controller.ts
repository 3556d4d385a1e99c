import type { Answered } from '@flotilla/contracts/idempotency';
import type { Mode } from '@flotilla/contracts/actor';
import { type Page, pageOfListing } from '@flotilla/contracts/pages';
import {
  ArchiveProduct,
  ChangeProduct,
  ChangeProductBody,
  CreateProduct,
  CreateProductBody,
  GetProduct,
  ListProducts,
  type ProductView,
} from '@flotilla/contracts/products';
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { Public, RequirePermission } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';
import { OptionalIdempotencyKey } from '../http/idempotency-key.js';
import { Answers } from '../http/answers.js';
import { IfMatch, Precondition } from '../http/precondition.js';
import { ListProductsQuery } from './bodies.js';
import { CallerMode } from './mode.js';
import { SkuPipe } from './sku.pipe.js';

@Controller('products')
export class ProductsController {
  constructor(private readonly fleet: FleetClient) {}

  @Get()
  @Public()
  async list(
    @CallerMode() mode: Mode,
    @Query() query: ListProductsQuery,
  ): Promise<Page<ProductView>> {
    return pageOfListing(await this.fleet.call(ListProducts, { ...query, mode }));
  }

  @Get(':sku')
  @Public()
  get(@CallerMode() mode: Mode, @Param('sku', SkuPipe) sku: string): Promise<ProductView> {
    return this.fleet.call(GetProduct, { sku, mode });
  }

  @Post()
  @RequirePermission('inventory:write')
  @Answers({ location: '/products/:sku', represents: '/products/:sku' })
  create(
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() product: CreateProductBody,
  ): Promise<Answered<ProductView>> {
    return this.fleet.call(CreateProduct, { idempotencyKey, product });
  }

  @Patch(':sku')
  @RequirePermission('inventory:write')
  @Answers({ represents: '/products/:sku' })
  async change(
    @CallerMode() mode: Mode,
    @Param('sku', SkuPipe) sku: string,
    @IfMatch() precondition: Precondition,
    @Body() changes: ChangeProductBody,
  ): Promise<ProductView> {
    const version = await precondition.version(() => this.get(mode, sku));
    return this.fleet.call(ChangeProduct, { sku, version, changes });
  }

  @Delete(':sku')
  @RequirePermission('inventory:write')
  @Answers({ represents: '/products/:sku' })
  async archive(
    @CallerMode() mode: Mode,
    @Param('sku', SkuPipe) sku: string,
    @IfMatch() precondition: Precondition,
  ): Promise<ProductView> {
    const version = await precondition.version(() => this.get(mode, sku));
    return this.fleet.call(ArchiveProduct, { sku, version });
  }
}
