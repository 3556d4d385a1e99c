import type { Mode } from '@flotilla/contracts/actor';
import type { EventActor } from '@flotilla/contracts/events';
import type { ImportResult, ImportRow, StockView } from '@flotilla/contracts/inventory';
import type { ProductView } from '@flotilla/contracts/products';
import type { Transaction } from '@flotilla/runtime/database';
import type { Description } from '../domain/description.js';
import type { GoodsMoved } from '../domain/goods.js';
import type { HoldOutcome } from '../domain/holds.js';
import type { Movement } from '../domain/movement.js';
import type { StockFate } from '../domain/order-fate.js';
import type { HoldRequest, SettledState } from '../domain/reservation.js';
import type { CountedProduct } from '../domain/stocktaking.js';

/** The reservations and the stock they take, changed only together. */
export abstract class Reservations {
  /** Decides all requests in one transaction, in their order; the outcomes stand in the same order. */
  abstract hold(requests: readonly HoldRequest[]): Promise<HoldOutcome[]>;

  /** Makes a hold that still stands permanent; false when it has ended, or never was. Repeatable. */
  abstract commit(orderId: string, by: EventActor): Promise<boolean>;

  /**
   * Brings the reservation in line with what orders decided, in the caller's transaction or one of its own. Repeatable.
   * Answers the state it is in then; null when there is no reservation, other than one to be voided.
   */
  abstract settle(
    orderId: string,
    fate: StockFate,
    by: EventActor,
    tx?: Transaction,
  ): Promise<SettledState | null>;

  /** The oldest order ids whose fate has been unknown for this long, in milliseconds; those behind `after` if given. */
  abstract undecided(forMs: number, limit: number, after?: string): Promise<string[]>;

  /** Gives back what holds that have ended still take, some of them; answers whether there may be more. */
  abstract releaseExpired(limit: number): Promise<boolean>;
}

/** What is on the shelves for orders that were confirmed. */
export abstract class Goods {
  /**
   * Books goods that left or came back, in the caller's transaction or one of its own; answers how many units of them
   * have no reservation to be booked under.
   */
  abstract move(
    orderId: string,
    goods: GoodsMoved,
    by: EventActor,
    tx?: Transaction,
  ): Promise<number>;
}

/** A product by its SKU, at a version if one is named. */
export interface VersionedRef {
  mode: Mode;
  sku: string;
  version?: number | undefined;
}

/** A product that is about to be. */
export interface NewProduct {
  mode: Mode;
  sku: string;
  description: Description;
  initialStock: number;
  by: EventActor;
}

/** The products, one by one. */
export abstract class Products {
  /** @throws AppError `sku-taken` */
  abstract create(tx: Transaction, product: NewProduct): Promise<ProductView>;

  /** Makes a product what `decide` says, in one transaction. @throws AppError `not-found`, `precondition-failed` */
  abstract change(
    ref: VersionedRef,
    decide: (before: Description) => Description,
  ): Promise<ProductView>;
}

/** The levels of stock, as far as people count them. */
export abstract class Stock {
  /**
   * Makes the movement that `decide` makes of a level, in the caller's transaction or one of its own, and answers the
   * level after it. The version is that of the level. @throws AppError `not-found`, `precondition-failed`
   */
  abstract count(
    ref: VersionedRef,
    decide: (product: CountedProduct) => Movement | null,
    tx?: Transaction,
  ): Promise<StockView>;
}

/** The products, as far as an import changes them. */
export abstract class Catalogue {
  /** Brings products and their stock to what the rows say, in one transaction. */
  abstract import(mode: Mode, rows: readonly ImportRow[], by: EventActor): Promise<ImportResult>;
}
