import type { Id } from '@flotilla/contracts/ids';
import type { OrderFate } from '@flotilla/contracts/orders';
import { Injectable } from '@nestjs/common';
import { placedOrder, withdraw } from '../domain/order.js';
import { OrderRepository } from '../repositories/order.repository.js';

/** Settles what became of an order id whose stock is held: from then on it is either placed or voided, for good. */
@Injectable()
export class ResolveOrder {
  constructor(private readonly orders: OrderRepository) {}

  async execute(id: Id<'ord'>): Promise<OrderFate> {
    const order = await this.orders.update(
      id,
      (current) => withdraw(current, 'The attempt was not finished.'),
      { actor: { system: 'orders' } },
    );
    return order.status === 'voided'
      ? { fate: 'voided' }
      : { fate: 'placed', status: placedOrder(order).status };
  }
}
