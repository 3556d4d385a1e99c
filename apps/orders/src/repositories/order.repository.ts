import { isAppError } from '@flotilla/contracts/errors';
import { type Id, toId, toUuid } from '@flotilla/contracts/ids';
import { EventStreams, readStream } from '@flotilla/event-store/event-streams';
import { Database } from '@flotilla/runtime/database';
import { failpoint } from '@flotilla/runtime/failpoints';
import { Injectable } from '@nestjs/common';
import {
  evolve,
  type Order,
  type OrderEvent,
  type RecordedOrderEvent,
  rehydrate,
} from '../domain/order.js';
import { type Cause, type Decision, Orders } from '../use-cases/ports.js';
import { projectOrders } from './order.projection.js';

/** Each lost race means that somebody else moved the order on; its few states are soon used up. */
const MAX_ATTEMPTS = 4;

/** The streams in the event store; the read model moves in the same transaction. */
@Injectable()
export class OrderRepository extends Orders {
  constructor(private readonly database: Database) {
    super();
  }

  async history(id: Id<'ord'>): Promise<RecordedOrderEvent[]> {
    return (await readStream(this.database, toUuid('ord', id))) as RecordedOrderEvent[];
  }

  async load(id: Id<'ord'>): Promise<Order> {
    return rehydrate(await this.history(id));
  }

  async write(
    id: Id<'ord'>,
    order: Order,
    events: readonly OrderEvent[],
    cause: Cause,
  ): Promise<Order> {
    if (events.length === 0) return order;
    const stream = { id: toUuid('ord', id), subject: id };
    const after = await this.database.transaction(async (tx) => {
      const recorded = await new EventStreams(tx).append(stream, order.version, events, cause);
      const next = (recorded as RecordedOrderEvent[]).reduce(evolve, order);
      await projectOrders(tx, [next]);
      failpoint('orders.before-commit');
      return next;
    });
    failpoint('orders.after-commit');
    return after;
  }

  async update(id: Id<'ord'>, decide: Decision, cause: Cause): Promise<Order> {
    for (let attempt = 1; ; attempt += 1) {
      const history = await this.history(id);
      const order = rehydrate(history);
      try {
        return await this.write(id, order, decide(order, history), cause);
      } catch (error) {
        if (!isAppError(error, 'version-conflict') || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  async due(now: Date, limit: number): Promise<Id<'ord'>[]> {
    const rows = await this.database.rows<{ id: string }>(
      `SELECT id FROM orders WHERE status = 'pending' AND expires_at <= $1
       ORDER BY expires_at LIMIT $2`,
      [now, limit],
    );
    return rows.map((row) => toId('ord', row.id));
  }
}
