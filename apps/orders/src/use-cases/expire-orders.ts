import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { expire } from '../domain/order.js';
import { Orders } from './ports.js';

const BATCH = 100;

/** Writes down the end of pending orders whose hold has ended. Any number of replicas may do so at once. */
@Injectable()
export class ExpireOrders {
  constructor(
    private readonly orders: Orders,
    private readonly clock: Clock,
  ) {}

  /** How many were due, at most a hundred: when it is that many there may be more. */
  async execute(): Promise<number> {
    const at = this.clock.now();
    const due = await this.orders.due(at, BATCH);
    for (const id of due) {
      await this.orders.update(id, (order) => expire(order, at), {
        actor: { system: 'orders' },
        at,
      });
    }
    return due.length;
  }
}
