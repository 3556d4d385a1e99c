import type { Mode } from '@flotilla/contracts/actor';
import { GetProduct, ListProducts, type ProductView } from '@flotilla/contracts/inventory';
import type { Page } from '@flotilla/contracts/pages';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { Public } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';
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
}
