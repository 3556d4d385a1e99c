import { AppError, isAppError } from '@flotilla/contracts/errors';
import { type Id, toId, toUuid } from '@flotilla/contracts/ids';
import {
  type AppendOptions,
  eventMetadata,
  EventStreams,
  readFirst,
  readStream,
  type StreamAppend,
} from '@flotilla/event-store/event-streams';
import { BatchQueue } from '@flotilla/runtime/batch-queue';
import { Database } from '@flotilla/runtime/database';
import { failpoint } from '@flotilla/runtime/failpoints';
import { Metrics } from '@flotilla/runtime/metrics';
import { currentContext, remainingMs } from '@flotilla/runtime/request-context';
import { Turns } from '@flotilla/runtime/turns';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import {
  evolve,
  type Order,
  type OrderEvent,
  type RecordedOrderEvent,
  rehydrate,
} from '../domain/order.js';
import { type Cause, type Decision, type DueOrder, Orders } from '../use-cases/ports.js';
import { projectOrders } from './order.projection.js';

/** Other processes only, one decision of each at a time, are in the way; each loss means that one of them moved the order on. */
const MAX_ATTEMPTS = 20;

const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64];

/** What was decided about one order, with what its request has to say of itself. */
interface Write {
  id: Id<'ord'>;
  order: Order;
  events: readonly OrderEvent[];
  options: AppendOptions;
}

/**
 * The streams in the event store; the read model moves in the same transaction. What is decided while a transaction
 * runs is written together in the next one, so that all of it shares a flush.
 */
@Injectable()
export class OrderRepository extends Orders implements BeforeApplicationShutdown {
  private readonly queue: BatchQueue<Write, Order | null>;
  private readonly decisions: BatchQueue<Id<'ord'>, RecordedOrderEvent | undefined>;
  private readonly turns = new Turns();

  constructor(
    private readonly database: Database,
    metrics: Metrics,
  ) {
    super();
    const sizes = metrics.histogram(
      'orders_write_batch',
      'Decisions per transaction',
      [],
      BATCH_SIZES,
    );
    this.queue = new BatchQueue((writes) => {
      sizes.observe(writes.length);
      return this.writeAll(writes);
    });
    this.decisions = new BatchQueue((ids) => this.decisionsOf(ids));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.decisions.drain(), this.queue.drain()]);
  }

  async history(id: Id<'ord'>): Promise<RecordedOrderEvent[]> {
    return (await readStream(this.database, toUuid('ord', id))) as RecordedOrderEvent[];
  }

  decision(id: Id<'ord'>): Promise<RecordedOrderEvent | undefined> {
    return this.decisions.add(id);
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
    const options = { at: notBefore(order, cause.at), metadata: eventMetadata(cause.actor) };
    const after = await this.queue.add({ id, order, events, options });
    if (!after) throw new AppError('version-conflict', 'The order changed meanwhile.');
    failpoint('orders.after-commit');
    return after;
  }

  private async decisionsOf(
    ids: readonly Id<'ord'>[],
  ): Promise<(RecordedOrderEvent | undefined)[]> {
    const streams = ids.map((id) => toUuid('ord', id));
    const firsts = await readFirst(this.database, streams);
    return streams.map((stream) => firsts.get(stream) as RecordedOrderEvent | undefined);
  }

  /** The orders after these decisions; null where another one came first, in the database or in the list. */
  private writeAll(writes: readonly Write[]): Promise<(Order | null)[]> {
    const firsts = new Map(writes.toReversed().map((write) => [write.id, write]));
    const mates = [...firsts.values()];
    return this.database.transaction(async (tx) => {
      const recorded = await new EventStreams(tx).appendMany(mates.map(toAppend));
      const after = new Map(
        mates.map((write, index) => {
          const events = recorded[index] as RecordedOrderEvent[] | null;
          return [write, events && events.reduce(evolve, write.order)];
        }),
      );
      await projectOrders(
        tx,
        [...after.values()].filter((order) => order !== null),
      );
      failpoint('orders.before-commit');
      return writes.map((write) => after.get(write) ?? null);
    });
  }

  update(id: Id<'ord'>, decide: Decision, cause: Cause): Promise<Order> {
    return this.turns.take(id, () => this.updateInTurn(id, decide, cause));
  }

  private async updateInTurn(id: Id<'ord'>, decide: Decision, cause: Cause): Promise<Order> {
    for (let attempt = 1; ; attempt += 1) {
      if (remainingMs(currentContext()) <= 0) {
        throw new AppError('deadline-exceeded', 'It took too long.');
      }
      const history = await this.history(id);
      const order = rehydrate(history);
      try {
        return await this.write(id, order, decide(order, history), cause);
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

function toAppend({ id, order, events, options }: Write): StreamAppend {
  const stream = { id: toUuid('ord', id), subject: id };
  return { stream, expectedVersion: order.version, events, options };
}

/** A history never runs backwards, whatever the clocks of the processes that took turns at it say. */
function notBefore(order: Order, at: Date): Date {
  if (!('updatedAt' in order)) return at;
  return new Date(Math.max(at.getTime(), Date.parse(order.updatedAt)));
}
