import type { Mode } from '@flotilla/contracts/actor';
import type { Page } from '@flotilla/contracts/pages';
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
import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public, RequirePermission } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';
import { OptionalIdempotencyKey } from '../http/idempotency-key.js';
import { answered, createdAt, represents } from '../http/location.js';
import { IfMatch, matchedVersion } from '../http/precondition.js';
import { ListProductsQuery } from './bodies.js';
import { CallerMode } from './mode.js';
import { SkuPipe } from './sku.pipe.js';

@Controller('products')
export class ProductsController {
  constructor(private readonly fleet: FleetClient) {}

  @Get()
  @Public()
  list(@CallerMode() mode: Mode, @Query() query: ListProductsQuery): Promise<Page<ProductView>> {
    return this.fleet.call(ListProducts, { ...query, mode });
  }

  @Get(':sku')
  @Public()
  get(@CallerMode() mode: Mode, @Param('sku', SkuPipe) sku: string): Promise<ProductView> {
    return this.fleet.call(GetProduct, { sku, mode });
  }

  @Post()
  @RequirePermission('inventory:write')
  async create(
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() product: CreateProductBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProductView> {
    const request = { idempotencyKey, product };
    const created = answered(reply, await this.fleet.call(CreateProduct, request));
    createdAt(reply, `/products/${created.sku}`);
    represents(reply, `/products/${created.sku}`);
    return created;
  }

  @Patch(':sku')
  @RequirePermission('inventory:write')
  async change(
    @CallerMode() mode: Mode,
    @Param('sku', SkuPipe) sku: string,
    @IfMatch() ifMatch: string | undefined,
    @Body() changes: ChangeProductBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProductView> {
    const version = await matchedVersion(ifMatch, () => this.get(mode, sku));
    const changed = await this.fleet.call(ChangeProduct, { sku, version, changes });
    represents(reply, `/products/${changed.sku}`);
    return changed;
  }

  @Delete(':sku')
  @RequirePermission('inventory:write')
  async archive(
    @CallerMode() mode: Mode,
    @Param('sku', SkuPipe) sku: string,
    @IfMatch() ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProductView> {
    const version = await matchedVersion(ifMatch, () => this.get(mode, sku));
    const archived = await this.fleet.call(ArchiveProduct, { sku, version });
    represents(reply, `/products/${archived.sku}`);
    return archived;
  }
}
