import { isAppError } from '@flotilla/contracts/errors';
import { type Id, toUuid } from '@flotilla/contracts/ids';
import { type AppendOptions, EventStreams, readStream } from '@flotilla/event-store/event-streams';
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
import { projectOrder } from './order.projection.js';

/** Each lost race means that somebody else moved the order on; its few states are soon used up. */
const MAX_ATTEMPTS = 4;

/** Orders as their streams; the read model moves in the same transaction. */
@Injectable()
export class OrderRepository {
  constructor(private readonly database: Database) {}

  /** All that happened to an order id, in order. Throws AppError `not-found` for a malformed id. */
  async history(id: Id<'ord'>): Promise<RecordedOrderEvent[]> {
    return (await readStream(this.database, toUuid('ord', id))) as RecordedOrderEvent[];
  }

  async load(id: Id<'ord'>): Promise<Order> {
    return rehydrate(await this.history(id));
  }

  /**
   * Writes what was decided about an order, and returns the order after it.
   * @throws AppError `version-conflict` when another decision came first; `unavailable` when the database is away,
   * or was lost during COMMIT, so that only the stream can say whether the decision stands
   */
  async write(
    id: Id<'ord'>,
    order: Order,
    events: readonly OrderEvent[],
    options: AppendOptions,
  ): Promise<Order> {
    if (events.length === 0) return order;
    const stream = { id: toUuid('ord', id), subject: id };
    const after = await this.database.transaction(async (tx) => {
      const recorded = await new EventStreams(tx).append(stream, order.version, events, options);
      const next = (recorded as RecordedOrderEvent[]).reduce(evolve, order);
      await projectOrder(tx, next);
      failpoint('orders.before-commit');
      return next;
    });
    failpoint('orders.after-commit');
    return after;
  }

  /** Loads, decides, writes; decides anew when another decision came first. Throws what `decide` and `write` throw. */
  async update(
    id: Id<'ord'>,
    decide: (order: Order) => OrderEvent[],
    options: AppendOptions,
  ): Promise<Order> {
    for (let attempt = 1; ; attempt += 1) {
      const order = await this.load(id);
      try {
        return await this.write(id, order, decide(order), options);
      } catch (error) {
        if (!isAppError(error, 'version-conflict') || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }
}
