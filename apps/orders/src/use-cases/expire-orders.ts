import { toId } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { expire } from '../domain/order.js';
import { OrderRepository } from '../repositories/order.repository.js';

const BATCH = 100;

/** Writes down the end of pending orders whose hold has ended. Any number of replicas may do so at once. */
@Injectable()
export class ExpireOrders {
  constructor(
    private readonly database: Database,
    private readonly orders: OrderRepository,
    private readonly clock: Clock,
  ) {}

  /** How many were due, at most a hundred: when it is that many there may be more. */
  async execute(): Promise<number> {
    const now = this.clock.now();
    const due = await this.database.rows<{ id: string }>(
      `SELECT id FROM orders WHERE status = 'pending' AND expires_at <= $1 ORDER BY expires_at LIMIT ${BATCH}`,
      [now],
    );
    for (const { id } of due) {
      await this.orders.update(toId('ord', id), (order) => expire(order, now), {
        at: now,
        actor: { system: 'orders' },
      });
    }
    return due.length;
  }
}
