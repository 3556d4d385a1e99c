import type { Id } from '@flotilla/contracts/ids';
import type { OrderFate } from '@flotilla/contracts/orders';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { expire, placedOrder } from '../domain/order.js';
import { withdraw } from '../domain/placing.js';
import { Orders } from './ports.js';

/**
 * Settles what became of an order id whose stock is held: from then on it is either placed or voided, for good. A pending order
 * whose time is up ends with this, as a sweep would end it.
 */
@Injectable()
export class ResolveOrder {
  constructor(
    private readonly orders: Orders,
    private readonly clock: Clock,
  ) {}

  async execute(id: Id<'ord'>): Promise<OrderFate> {
    const at = this.clock.now();
    const order = await this.orders.update(
      id,
      (current) => [...withdraw(current, 'The attempt was not finished.'), ...expire(current, at)],
      { actor: { system: 'orders' }, at },
    );
    return order.status === 'voided'
      ? { fate: 'voided' }
      : { fate: 'placed', status: placedOrder(order).status };
  }
}
