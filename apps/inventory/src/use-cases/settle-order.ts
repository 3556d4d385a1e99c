import type { EventActor } from '@flotilla/contracts/events';
import { toId } from '@flotilla/contracts/ids';
import type { Transaction } from '@flotilla/runtime/database';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { Injectable } from '@nestjs/common';
import type { StockFate } from '../domain/order-fate.js';
import { Reservations } from './ports.js';

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

  /** `orderId` is the uuid; in the caller's transaction when one is given. */
  async execute(orderId: string, fate: StockFate, by: EventActor, tx?: Transaction): Promise<void> {
    const state = await this.reservations.settle(orderId, fate, by, tx);
    // An order that has ended stays so: what calls it confirmed (an answer, an event) is older and has been overtaken.
    const sold = fate === 'confirmed' && state === 'released';
    if (state !== null && !sold) return;
    // Trying again would not bring the reservation back (this database is older than orders), so a person must hear of it.
    const reservation = state ?? 'missing';
    this.unmatched.inc({ fate, reservation });
    this.logger.error(
      { orderId: toId('ord', orderId), fate, reservation },
      'an order was decided without stock behind it',
    );
  }
}
