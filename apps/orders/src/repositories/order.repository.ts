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
import { type Cause, type DueOrder, Orders } from '../use-cases/ports.js';
import { projectOrder } from './order.projection.js';

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
      await projectOrder(tx, next);
      failpoint('orders.before-commit');
      return next;
    });
    failpoint('orders.after-commit');
    return after;
  }

  async update(
    id: Id<'ord'>,
    decide: (order: Order) => OrderEvent[],
    cause: Cause,
  ): Promise<Order> {
    for (let attempt = 1; ; attempt += 1) {
      const order = await this.load(id);
      try {
        return await this.write(id, order, decide(order), cause);
      } catch (error) {
        if (!isAppError(error, 'version-conflict') || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  async due(now: Date, limit: number, after?: DueOrder): Promise<DueOrder[]> {
    const rows = await this.database.rows<{ id: string; expires_at: Date }>(
      `SELECT id, expires_at FROM orders WHERE status = 'pending' AND expires_at <= $1
         AND ($2::timestamptz IS NULL OR (expires_at, id) > ($2, $3::uuid))
       ORDER BY expires_at, id LIMIT $4`,
      [now, after?.expiresAt ?? null, after ? toUuid('ord', after.id) : null, limit],
    );
    return rows.map((row) => ({ id: toId('ord', row.id), expiresAt: row.expires_at }));
  }
}
