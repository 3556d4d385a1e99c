import type { EventActor } from '@flotilla/contracts/events';
import { toId } from '@flotilla/contracts/ids';
import type { Transaction } from '@flotilla/runtime/database';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { Injectable } from '@nestjs/common';
import type { GoodsMoved } from '../domain/goods.js';
import { Goods } from './ports.js';

/** Takes goods that were shipped off the shelves, and puts back those that were returned. Not repeatable. */
@Injectable()
export class MoveGoods {
  private readonly missing;

  constructor(
    private readonly goods: Goods,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.missing = metrics.counter(
      'inventory_goods_without_stock_total',
      'Units that orders shipped or took back although nothing here says that they were sold',
      ['kind'],
    );
  }

  /** `orderId` is the uuid; in the caller's transaction when one is given. */
  async execute(
    orderId: string,
    goods: GoodsMoved,
    by: EventActor,
    tx?: Transaction,
  ): Promise<void> {
    const units = await this.goods.move(orderId, goods, by, tx);
    if (units === 0) return;
    // As with an order without stock behind it: trying again would not help, so a person must hear of it.
    const { kind } = goods;
    this.missing.inc({ kind }, units);
    this.logger.error(
      { orderId: toId('ord', orderId), kind, units },
      'goods moved without stock behind them',
    );
  }
}
