import type { Actor } from '@flotilla/contracts/actor';
import type { EventActor } from '@flotilla/contracts/events';
import type { Id } from '@flotilla/contracts/ids';
import type { HoldStockRequest, StockHold } from '@flotilla/contracts/stock-holds';
import type { Transaction } from '@flotilla/runtime/database';
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

  /** The first of that, which decided it; undefined while nothing has. Asked together with what others ask meanwhile. */
  abstract decision(id: Id<'ord'>): Promise<RecordedOrderEvent | undefined>;

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

  /**
   * Loads, decides, writes, one after the other for each order; decides anew when another process was first.
   * Throws what `decide` and `write` throw, and AppError `deadline-exceeded` when its turn came too late.
   */
  abstract update(id: Id<'ord'>, decide: Decision, cause: Cause): Promise<Order>;

  /** Pending orders whose hold has ended, those that waited longest first, from the one behind `after` on. */
  abstract due(now: Date, limit: number, after?: DueOrder): Promise<DueOrder[]>;
}

/**
 * The stock behind orders. Throws AppError `unavailable` and `deadline-exceeded` in every method; what was asked for may have
 * been done all the same, and asking again changes nothing.
 */
export abstract class StockHolds {
  /** Takes stock for an order that is about to be decided. Throws AppError `insufficient-stock`, `unknown-sku`, `order-voided`, `idempotency-key-reuse`. */
  abstract hold(actor: Actor, request: HoldStockRequest): Promise<StockHold>;

  /** Keeps the hold of an order from ending by itself. Throws AppError `hold-expired` when it has ended. */
  abstract commit(actor: Actor, id: Id<'ord'>): Promise<void>;
}

/** Numbers for people to read out: unique, rising roughly with time. */
export abstract class OrderNumbers {
  /** A number nobody else has. Throws AppError `unavailable`. */
  abstract take(): Promise<string>;
}

/** What orders keep about those who placed them. */
export abstract class Customers {
  /** Blanks it in all orders of a user (a uuid), in the caller's transaction. Repeatable. */
  abstract erase(tx: Transaction, userId: string): Promise<void>;
}
