import type { Actor } from '@flotilla/contracts/actor';
import { eventActor } from '@flotilla/contracts/events';
import * as inventory from '@flotilla/contracts/inventory';
import type { Page } from '@flotilla/contracts/pages';
import { Caller } from '@flotilla/messaging/caller';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { StockQueries } from '../repositories/stock.queries.js';
import { CommitHold } from '../use-cases/commit-hold.js';
import { HoldStock } from '../use-cases/hold-stock.js';
import { Catalogue } from '../use-cases/ports.js';

/** What inventory answers. Reads name the mode they look at, because the catalogue is public. */
@Controller()
export class InventoryController {
  constructor(
    private readonly queries: StockQueries,
    private readonly catalogue: Catalogue,
    private readonly holdStock: HoldStock,
    private readonly commitHold: CommitHold,
  ) {}

  @MessagePattern(inventory.GetProduct.subject)
  getProduct(@Payload() request: inventory.SkuRequest): Promise<inventory.ProductView> {
    return this.queries.product(request);
  }

  @MessagePattern(inventory.ListProducts.subject)
  listProducts(
    @Payload() request: inventory.ListProductsRequest,
  ): Promise<Page<inventory.ProductView>> {
    return this.queries.products(request);
  }

  @MessagePattern(inventory.GetStock.subject)
  getStock(@Payload() request: inventory.SkuRequest): Promise<inventory.StockView> {
    return this.queries.stock(request);
  }

  @MessagePattern(inventory.ListMovements.subject)
  listMovements(
    @Payload() request: inventory.ListMovementsRequest,
  ): Promise<Page<inventory.MovementView>> {
    return this.queries.movements(request);
  }

  @MessagePattern(inventory.ImportProducts.subject)
  importProducts(
    @Caller() actor: Actor,
    @Payload() { mode, rows }: inventory.ImportProductsRequest,
  ): Promise<inventory.ImportResult> {
    return this.catalogue.import(mode, rows, eventActor(actor));
  }

  @MessagePattern(inventory.HoldStock.subject)
  hold(
    @Caller() actor: Actor,
    @Payload() request: inventory.HoldStockRequest,
  ): Promise<inventory.StockHold> {
    return this.holdStock.execute(request, actor);
  }

  @MessagePattern(inventory.CommitHold.subject)
  commit(
    @Caller() actor: Actor,
    @Payload() request: inventory.CommitHoldRequest,
  ): Promise<inventory.CommittedHold> {
    return this.commitHold.execute(request, actor);
  }
}
