import type { Mode } from '@flotilla/contracts/actor';
import {
  GetStock,
  type ImportResult,
  ListMovements,
  type MovementView,
  type StockView,
} from '@flotilla/contracts/inventory';
import { type Page, PageQuery } from '@flotilla/contracts/pages';
import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { RequirePermission } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';
import { importRows } from '../import/import-body.js';
import { ImportStock } from '../import/import-stock.js';
import { CallerMode } from './mode.js';
import { SkuPipe } from './sku.pipe.js';

@Controller('inventory')
export class InventoryController {
  constructor(
    private readonly fleet: FleetClient,
    private readonly importStock: ImportStock,
  ) {}

  @Post('import')
  @HttpCode(200)
  @RouteConfig({ streams: ['text/csv', 'application/x-ndjson'] })
  @RequirePermission('inventory:write')
  import(@CallerMode() mode: Mode, @Req() request: FastifyRequest): Promise<ImportResult> {
    return this.importStock.execute(mode, importRows(request));
  }

  @Get(':sku')
  @RequirePermission('inventory:read')
  stock(@CallerMode() mode: Mode, @Param('sku', SkuPipe) sku: string): Promise<StockView> {
    return this.fleet.call(GetStock, { sku, mode });
  }

  @Get(':sku/movements')
  @RequirePermission('inventory:read')
  movements(
    @CallerMode() mode: Mode,
    @Param('sku', SkuPipe) sku: string,
    @Query() query: PageQuery,
  ): Promise<Page<MovementView>> {
    return this.fleet.call(ListMovements, { ...query, sku, mode });
  }
}
