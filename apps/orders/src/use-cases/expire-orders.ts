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

  /** Answers whether there may be more to do at once. Throws AggregateError when some could not be expired; the others are. */
  async execute(): Promise<boolean> {
    const at = this.clock.now();
    const due = await this.orders.due(at, BATCH);
    const cause = { actor: { system: 'orders' }, at };
    const failures: unknown[] = [];
    for (const id of due) {
      try {
        await this.orders.update(id, (order) => expire(order, at), cause);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Some orders were not expired.');
    return due.length === BATCH;
  }
}
