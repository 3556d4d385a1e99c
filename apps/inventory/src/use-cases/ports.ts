import type { Mode } from '@flotilla/contracts/actor';
import type { EventActor } from '@flotilla/contracts/events';
import type { StockView } from '@flotilla/contracts/inventory';
import type { ImportResult, ImportRow } from '@flotilla/contracts/catalogue-import';
import type { ProductView } from '@flotilla/contracts/products';
import type { Transaction } from '@flotilla/runtime/database';
import type { Description } from '../domain/description.js';
import type { GoodsMoved } from '../domain/goods.js';
import type { HoldOutcome } from '../domain/holds.js';
import type { Movement } from '../domain/movement.js';
import type { StockFate } from '../domain/order-fate.js';
import type { HoldRequest, HoldTerms, SettledState } from '../domain/reservation.js';
import type { CountedProduct } from '../domain/stocktaking.js';

/** An order that was confirmed. */
export interface Sale {
  /** The uuid. */
  orderId: string;
  /** What it was placed on, if known. */
  terms: HoldTerms | null;
  by: EventActor;
}

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

  /**
   * Makes holds permanent whose orders are confirmed, expired ones too, in the caller's transaction: `settle` for many.
   * Repeatable. Answers the states by order id; an order without a reservation has none.
   */
  abstract sell(
    tx: Transaction,
    sales: readonly Pick<Sale, 'orderId' | 'by'>[],
  ): Promise<Map<string, SettledState>>;

  /**
   * Takes stock again for an order that this database has lost, or let expire, since it was restored: on its terms, or
   * on those still known. The units were there when they were sold, so what is missing is counted in. False when they
   * cannot be: nothing is known of the order, or of one of its products.
   */
  abstract restore(
    orderId: string,
    terms: HoldTerms | null,
    by: EventActor,
    tx?: Transaction,
  ): Promise<boolean>;

  /** The oldest order ids whose fate has been unknown for this long, in milliseconds; those behind `after` if given. */
  abstract undecided(forMs: number, limit: number, after?: string): Promise<string[]>;

  /**
   * Some order ids whose hold was made permanent, whose time is up all the same, and of which it was not heard that they
   * are confirmed: those that take units of these products.
   */
  abstract unconfirmed(
    products: readonly { mode: Mode; sku: string }[],
    limit: number,
  ): Promise<string[]>;

  /** Gives back what holds that have ended still take, some of them; answers whether there may be more. */
  abstract releaseExpired(limit: number): Promise<boolean>;
}

/** What orders decides. */
export abstract class OrderFates {
  /**
   * The fate of an order (a uuid), which is decided by asking if nobody decided it before: an order that was never placed
   * is voided, a pending one whose time is up has ended. @throws AppError `unavailable`, `deadline-exceeded`
   */
  abstract fateOf(orderId: string): Promise<StockFate>;
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
