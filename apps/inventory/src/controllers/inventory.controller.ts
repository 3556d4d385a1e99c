import type { Actor } from '@flotilla/contracts/actor';
import type { Answered } from '@flotilla/contracts/idempotency';
import { eventActor } from '@flotilla/contracts/events';
import * as imports from '@flotilla/contracts/catalogue-import';
import * as inventory from '@flotilla/contracts/inventory';
import * as holds from '@flotilla/contracts/stock-holds';
import type { Page } from '@flotilla/contracts/pages';
import { Caller } from '@flotilla/messaging/caller';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { StockQueries } from '../repositories/stock.queries.js';
import { AdjustStock } from '../use-cases/adjust-stock.js';
import { CommitHold } from '../use-cases/commit-hold.js';
import { HoldStock } from '../use-cases/hold-stock.js';
import { Catalogue } from '../use-cases/ports.js';
import { RecountStock } from '../use-cases/recount-stock.js';

/** The stock of products. Reads name the mode they look at, as those of the catalogue do. */
@Controller()
export class InventoryController {
  constructor(
    private readonly queries: StockQueries,
    private readonly catalogue: Catalogue,
    private readonly adjustStock: AdjustStock,
    private readonly recountStock: RecountStock,
    private readonly holdStock: HoldStock,
    private readonly commitHold: CommitHold,
  ) {}

  @MessagePattern(inventory.GetStock.subject)
  getStock(@Payload() request: inventory.SkuRequest): Promise<inventory.StockView> {
    return this.queries.stock(request);
  }

  @MessagePattern(inventory.ExplainStock.subject)
  explainStock(@Payload() request: inventory.SkuRequest): Promise<inventory.StockExplanation> {
    return this.queries.explain(request);
  }

  @MessagePattern(inventory.ListMovements.subject)
  listMovements(
    @Payload() request: inventory.ListMovementsRequest,
  ): Promise<Page<inventory.MovementView>> {
    return this.queries.movements(request);
  }

  @MessagePattern(inventory.AdjustStock.subject)
  adjust(
    @Caller() actor: Actor,
    @Payload() request: inventory.AdjustStockRequest,
  ): Promise<Answered<inventory.StockView>> {
    return this.adjustStock.execute(request, actor);
  }

  @MessagePattern(inventory.RecountStock.subject)
  recount(
    @Caller() actor: Actor,
    @Payload() request: inventory.RecountStockRequest,
  ): Promise<inventory.StockView> {
    return this.recountStock.execute(request, actor);
  }

  @MessagePattern(imports.ImportProducts.subject)
  importProducts(
    @Caller() actor: Actor,
    @Payload() { mode, rows }: imports.ImportProductsRequest,
  ): Promise<imports.ImportResult> {
    return this.catalogue.import(mode, rows, eventActor(actor));
  }

  @MessagePattern(holds.HoldStock.subject)
  hold(
    @Caller() actor: Actor,
    @Payload() request: holds.HoldStockRequest,
  ): Promise<holds.StockHold> {
    return this.holdStock.execute(request, actor);
  }

  @MessagePattern(holds.CommitHold.subject)
  commit(
    @Caller() actor: Actor,
    @Payload() request: holds.CommitHoldRequest,
  ): Promise<holds.CommittedHold> {
    return this.commitHold.execute(request, actor);
  }
}
