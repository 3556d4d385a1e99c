import type { Actor } from '@flotilla/contracts/actor';
import { eventActor } from '@flotilla/contracts/events';
import type { RecountStockRequest, StockView } from '@flotilla/contracts/inventory';
import { Injectable } from '@nestjs/common';
import { decideCount } from '../domain/stocktaking.js';
import { Stock } from './ports.js';

/** Makes the stock of a product what was counted on the shelves. Repeatable. */
@Injectable()
export class RecountStock {
  constructor(private readonly stock: Stock) {}

  /** @throws AppError `not-found`, `insufficient-stock`, `precondition-failed` */
  execute({ sku, version, count }: RecountStockRequest, actor: Actor): Promise<StockView> {
    const { onHand, reason } = count;
    return this.stock.count({ mode: actor.mode, sku, version }, (product) =>
      decideCount(product, { onHand }, reason, eventActor(actor)),
    );
  }
}
