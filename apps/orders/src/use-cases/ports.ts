import type { EventActor } from '@flotilla/contracts/events';
import type { Id } from '@flotilla/contracts/ids';
import type { Order, OrderEvent, RecordedOrderEvent } from '../domain/order.js';

/** Who caused an event, and when. */
export interface Cause {
  actor: EventActor;
  at: Date;
}

/** A pending order and when its hold ends. */
export interface DueOrder {
  id: Id<'ord'>;
  expiresAt: Date;
}

/** What is to happen to an order, from what it is and how it came to be so. */
export type Decision = (order: Order, history: readonly RecordedOrderEvent[]) => OrderEvent[];

/** Orders as their streams. A malformed id is `not-found`, a database that is away `unavailable`, in every method. */
export abstract class Orders {
  /** All that happened to an order id, in order. */
  abstract history(id: Id<'ord'>): Promise<RecordedOrderEvent[]>;

  /** The order as all of that has left it. */
  abstract load(id: Id<'ord'>): Promise<Order>;

  /**
   * Writes what was decided about an order, and returns the order after it.
   * @throws AppError `version-conflict` when another decision came first; `unavailable` also when the database was lost
   * during COMMIT, so that only the stream can say whether the decision stands
   */
  abstract write(
    id: Id<'ord'>,
    order: Order,
    events: readonly OrderEvent[],
    cause: Cause,
  ): Promise<Order>;

  /** Loads, decides, writes; decides anew when another decision came first. Throws what `decide` and `write` throw. */
  abstract update(id: Id<'ord'>, decide: Decision, cause: Cause): Promise<Order>;

  /** Pending orders whose hold has ended, those that waited longest first, from the one behind `after` on. */
  abstract due(now: Date, limit: number, after?: DueOrder): Promise<DueOrder[]>;
}

/** Numbers for people to read out: unique, rising roughly with time. */
export abstract class OrderNumbers {
  /** A number nobody else has. Throws AppError `unavailable`. */
  abstract take(): Promise<string>;
}
