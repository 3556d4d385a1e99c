import type { Mode } from '@flotilla/contracts/actor';
import {
  AdjustStock,
  AdjustStockBody,
  ExplainStock,
  GetStock,
  type ImportResult,
  ListMovements,
  type MovementView,
  RecountStock,
  RecountStockBody,
  type StockExplanation,
  type StockView,
} from '@flotilla/contracts/inventory';
import { type Page, PageQuery } from '@flotilla/contracts/pages';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequirePermission } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';
import { OptionalIdempotencyKey } from '../http/idempotency-key.js';
import { answered, createdAt, represents } from '../http/location.js';
import { IfMatch, matchedVersion } from '../http/precondition.js';
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
  async recount(
    @CallerMode() mode: Mode,
    @Param('sku', SkuPipe) sku: string,
    @IfMatch() ifMatch: string | undefined,
    @Body() count: RecountStockBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StockView> {
    const version = await matchedVersion(ifMatch, () => this.stock(mode, sku));
    const counted = await this.fleet.call(RecountStock, { sku, version, count });
    represents(reply, `/inventory/${counted.sku}`);
    return counted;
  }

  @Post(':sku/adjustments')
  @RequirePermission('inventory:write')
  async adjust(
    @Param('sku', SkuPipe) sku: string,
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() adjustment: AdjustStockBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StockView> {
    const request = { sku, idempotencyKey, adjustment };
    const adjusted = answered(reply, await this.fleet.call(AdjustStock, request));
    createdAt(reply, `/inventory/${adjusted.sku}/movements`);
    represents(reply, `/inventory/${adjusted.sku}`);
    return adjusted;
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
