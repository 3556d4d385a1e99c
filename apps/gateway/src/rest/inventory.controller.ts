import type { Mode } from '@flotilla/contracts/actor';
import type { Answered } from '@flotilla/contracts/idempotency';
import {
  AdjustStock,
  AdjustStockBody,
  ExplainStock,
  GetStock,
  ListMovements,
  type MovementView,
  RecountStock,
  RecountStockBody,
  type StockExplanation,
  type StockView,
} from '@flotilla/contracts/inventory';
import type { ImportResult } from '@flotilla/contracts/catalogue-import';
import { type Page, PageQuery } from '@flotilla/contracts/pages';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { RequirePermission } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';
import { OptionalIdempotencyKey } from '../http/idempotency-key.js';
import { Answers } from '../http/answers.js';
import { IfMatch, Precondition } from '../http/precondition.js';
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

  @Put(':sku')
  @RequirePermission('inventory:write')
  @Answers({ represents: '/inventory/:sku' })
  async recount(
    @CallerMode() mode: Mode,
    @Param('sku', SkuPipe) sku: string,
    @IfMatch() precondition: Precondition,
    @Body() count: RecountStockBody,
  ): Promise<StockView> {
    const version = await precondition.version(() => this.stock(mode, sku));
    return this.fleet.call(RecountStock, { sku, version, count });
  }

  @Post(':sku/adjustments')
  @RequirePermission('inventory:write')
  @Answers({ location: '/inventory/:sku/movements', represents: '/inventory/:sku' })
  adjust(
    @Param('sku', SkuPipe) sku: string,
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() adjustment: AdjustStockBody,
  ): Promise<Answered<StockView>> {
    return this.fleet.call(AdjustStock, { sku, idempotencyKey, adjustment });
  }

  @Get(':sku/explain')
  @RequirePermission('inventory:read')
  explain(@CallerMode() mode: Mode, @Param('sku', SkuPipe) sku: string): Promise<StockExplanation> {
    return this.fleet.call(ExplainStock, { sku, mode });
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
