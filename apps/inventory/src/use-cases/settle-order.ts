import type { EventActor } from '@flotilla/contracts/events';
import { toId } from '@flotilla/contracts/ids';
import type { Transaction } from '@flotilla/runtime/database';
import { failpoint } from '@flotilla/runtime/failpoints';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { Injectable } from '@nestjs/common';
import type { StockFate } from '../domain/order-fate.js';
import type { HoldTerms, SettledState } from '../domain/reservation.js';
import { Reservations, type Sale } from './ports.js';

/** The stock of an order is as orders decided; nothing is committed. */
const SETTLED = 'inventory.consumer-before-commit';

/** Brings the stock of an order in line with what orders decided. Repeatable. */
@Injectable()
export class SettleOrder {
  private readonly unmatched;

  constructor(
    private readonly reservations: Reservations,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.unmatched = metrics.counter(
      'inventory_orders_without_stock_total',
      'Orders that were decided although nothing is reserved for them',
      ['fate', 'reservation'],
    );
  }

  /** `orderId` is the uuid; in the caller's transaction when one is given. `terms`: what the order was placed on, if known. */
  async execute(
    orderId: string,
    fate: StockFate,
    by: EventActor,
    tx?: Transaction,
    terms: HoldTerms | null = null,
  ): Promise<void> {
    const state = await this.reservations.settle(orderId, fate, by, tx);
    if (!isSettled(state, fate)) await this.restore({ orderId, by, terms }, fate, state, tx);
    failpoint(SETTLED);
  }

  /** Settles an order that was confirmed at the end of the transaction, together with its others. */
  executeShared(tx: Transaction, sale: Sale): void {
    tx.beforeCommit(this.sellAll, sale);
  }

  private readonly sellAll = async (tx: Transaction, sales: readonly Sale[]): Promise<void> => {
    const states = await this.reservations.sell(tx, sales);
    for (const sale of sales) {
      const state = states.get(sale.orderId) ?? null;
      if (!isSettled(state, 'confirmed')) await this.restore(sale, 'confirmed', state, tx);
    }
    failpoint(SETTLED);
  };

  /** This database is older than orders: it was restored from a backup. */
  private async restore(
    { orderId, by, terms }: Sale,
    fate: StockFate,
    state: SettledState | null,
    tx?: Transaction,
  ): Promise<void> {
    if (await this.reservations.restore(orderId, terms, by, tx)) {
      this.logger.warn({ orderId: toId('ord', orderId), fate }, 'stock taken again for an order');
      await this.reservations.settle(orderId, fate, by, tx);
      return;
    }
    // Trying again would not bring the reservation back, so a person must hear of it.
    const reservation = state ?? 'missing';
    this.unmatched.inc({ fate, reservation });
    this.logger.error(
      { orderId: toId('ord', orderId), fate, reservation },
      'an order was decided without stock behind it',
    );
  }
}

/** An order that has ended stays so: what calls it confirmed (an answer, an event) is older and has been overtaken. */
function isSettled(state: SettledState | null, fate: StockFate): boolean {
  return state !== null && !(fate === 'confirmed' && state === 'released');
}
