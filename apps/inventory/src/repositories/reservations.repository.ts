import type { Mode } from '@flotilla/contracts/actor';
import type { EventActor } from '@flotilla/contracts/events';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { failpoint } from '@flotilla/runtime/failpoints';
import { Injectable } from '@nestjs/common';
import { decideHolds, type HoldOutcome, type Shelf } from '../domain/holds.js';
import { commit, release, reserve, type TakenUnits } from '../domain/movement.js';
import type { StockFate } from '../domain/order-fate.js';
import type { HoldRequest, HoldTerms, Reservation, SettledState } from '../domain/reservation.js';
import { Reservations, type Sale } from '../use-cases/ports.js';
import { SalesGate } from '../use-cases/sales-gate.js';
import { findProducts } from './find-products.js';
import { insertReservations, OrderIdTaken, readReservations } from './reservation-rows.js';
import { recordMovements } from './ledger.js';
import { restoreHold } from './restore-hold.js';
import { closeReservations, lockStock } from './stock-lock.js';

/** Each loss means that another process has just written that id, which the next attempt then reads. */
const HOLD_ATTEMPTS = 5;

/** Reservations in PostgreSQL. Locks are taken in one order: stock by product id, then reservations. */
@Injectable()
export class ReservationsRepository extends Reservations {
  constructor(
    private readonly database: Database,
    private readonly gate: SalesGate,
  ) {
    super();
  }

  async hold(requests: readonly HoldRequest[]): Promise<HoldOutcome[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        const outcomes = await this.database.transaction((tx) => {
          // Only here is it certain that this connection's database is the one that the gate was opened for.
          this.gate.requireOpen();
          return holdIn(tx, requests);
        });
        failpoint('inventory.after-hold-commit');
        return outcomes;
      } catch (error) {
        if (!(error instanceof OrderIdTaken) || attempt === HOLD_ATTEMPTS) throw error;
      }
    }
  }

  commit(orderId: string, by: EventActor): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      this.gate.requireOpen();
      await commitHolds(tx, [{ orderId, by }], 'unexpired');
      return (await stateOf(tx, orderId)) === 'committed';
    });
  }

  async settle(
    orderId: string,
    fate: StockFate,
    by: EventActor,
    tx?: Transaction,
  ): Promise<SettledState | null> {
    if (!tx) return this.database.transaction((own) => this.settle(orderId, fate, by, own));
    switch (fate) {
      case 'pending':
        await noteDecision(tx, orderId);
        break;
      case 'confirmed':
        await commitHolds(tx, [{ orderId, by }], 'any');
        break;
      case 'voided':
        if (!(await entomb(tx, orderId))) await releaseOrder(tx, orderId, by, fate);
        break;
      case 'ended':
        await releaseOrder(tx, orderId, by, fate);
        await noteEnd(tx, orderId);
        break;
    }
    return stateOf(tx, orderId);
  }

  async sell(
    tx: Transaction,
    sales: readonly Pick<Sale, 'orderId' | 'by'>[],
  ): Promise<Map<string, SettledState>> {
    await commitHolds(tx, sales, 'any');
    return statesOf(
      tx,
      sales.map(({ orderId }) => orderId),
    );
  }

  restore(
    orderId: string,
    terms: HoldTerms | null,
    by: EventActor,
    tx?: Transaction,
  ): Promise<boolean> {
    if (tx) return restoreHold(tx, orderId, terms, by);
    return this.database.transaction((own) => restoreHold(own, orderId, terms, by));
  }

  async undecided(forMs: number, limit: number, after?: string): Promise<string[]> {
    const rows = await this.database.rows<{ order_id: string }>(
      `SELECT order_id FROM reservations
       WHERE state = 'held' AND decided_at IS NULL
         AND held_at <= now() - $1::double precision * interval '1 millisecond'
         AND ($3::uuid IS NULL OR
           (held_at, order_id) > (SELECT held_at, order_id FROM reservations WHERE order_id = $3))
       ORDER BY held_at, order_id LIMIT $2`,
      [forMs, limit, after ?? null],
    );
    return rows.map((row) => row.order_id);
  }

  async unconfirmed(
    products: readonly { mode: Mode; sku: string }[],
    limit: number,
  ): Promise<string[]> {
    const rows = await this.database.rows<{ order_id: string }>(
      `SELECT order_id FROM reservations
       WHERE confirm_by <= clock_timestamp() AND EXISTS (
         SELECT FROM reservation_lines line JOIN products AS product ON product.id = line.product_id
         JOIN unnest($1::text[], $2::text[]) AS wanted(mode, sku)
           ON product.mode = wanted.mode AND lower(product.sku) = lower(wanted.sku)
         WHERE line.order_id = reservations.order_id AND taking > 0)
       ORDER BY confirm_by LIMIT $3`,
      [products.map(({ mode }) => mode), products.map(({ sku }) => sku), limit],
    );
    return rows.map((row) => row.order_id);
  }

  releaseExpired(limit: number): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.rows<{ product_id: string }>(
        `SELECT DISTINCT product_id FROM reservation_lines
         WHERE order_id IN (SELECT order_id FROM expired_holds LIMIT $1)`,
        [limit],
      );
      if (rows.length === 0) return false;
      // To lock stock is to free what has expired on it.
      await lockStock(
        tx,
        rows.map((row) => row.product_id),
      );
      return true;
    });
  }
}

async function holdIn(tx: Transaction, requests: readonly HoldRequest[]): Promise<HoldOutcome[]> {
  const products = await findProducts(
    tx,
    requests.flatMap(({ mode, lines }) => lines.map(({ sku }) => ({ mode, sku }))),
  );
  const levels = await lockStock(
    tx,
    products.map(({ id }) => id),
  );
  // Only now, behind the locks: an attempt under the same id that has just committed must be seen.
  const known = await readReservations(
    tx,
    requests.map(({ orderId }) => orderId),
  );
  const shelves = products.map((product): Shelf => {
    const { onHand, reserved } = levels.get(product.id)!;
    return { ...product, available: onHand - reserved };
  });
  const outcomes = decideHolds(requests, shelves, known);
  await writeTaken(tx, requests, outcomes);
  failpoint('inventory.before-hold-commit');
  return outcomes;
}

async function writeTaken(
  tx: Transaction,
  requests: readonly HoldRequest[],
  outcomes: readonly HoldOutcome[],
): Promise<void> {
  const taken = outcomes.flatMap((outcome, index) =>
    outcome.kind === 'taken'
      ? [{ reservation: outcome.reservation, request: requests[index]! }]
      : [],
  );
  if (taken.length === 0) return;
  await insertReservations(
    tx,
    taken.map(({ reservation, request }) => ({ ...reservation, mode: request.mode })),
  );
  await recordMovements(
    tx,
    taken.flatMap(({ reservation, request }) =>
      unitsOf(reservation).map((units) => reserve(units, request.by)),
    ),
  );
}

function unitsOf({ orderId, lines }: Reservation): TakenUnits[] {
  return lines.map(({ productId, quantity }) => ({ orderId, productId, quantity }));
}

/**
 * Sells what is held, if it is; `unexpired` asks besides that the hold still stands, and keeps in mind until when its order
 * has to be confirmed.
 */
async function commitHolds(
  tx: Transaction,
  sales: readonly Pick<Sale, 'orderId' | 'by'>[],
  which: 'unexpired' | 'any',
): Promise<void> {
  const sellers = new Map(sales.map(({ orderId, by }) => [orderId, by]));
  const rows = await tx.rows<{ order_id: string; product_id: string; taking: number }>(
    `WITH confirmed AS (
       UPDATE reservations SET confirm_by = NULL
       WHERE $2 AND order_id = ANY($1::uuid[]) AND confirm_by IS NOT NULL
     ), standing AS (
       SELECT order_id FROM reservations
       WHERE order_id = ANY($1::uuid[]) AND state = 'held'
         AND ($2 OR expires_at IS NULL OR expires_at > clock_timestamp())
       ORDER BY order_id FOR UPDATE
     ), committed AS (
       UPDATE reservations
       SET state = 'committed', decided_at = coalesce(decided_at, clock_timestamp()), expires_at = NULL,
         confirm_by = CASE WHEN $2 THEN NULL ELSE expires_at END
       FROM standing WHERE reservations.order_id = standing.order_id
       RETURNING reservations.order_id
     )
     SELECT order_id, product_id, taking FROM reservation_lines JOIN committed USING (order_id)
     ORDER BY order_id, position`,
    [[...sellers.keys()], which === 'any'],
  );
  await recordMovements(
    tx,
    rows.map(({ order_id: orderId, product_id: productId, taking: quantity }) =>
      commit({ orderId, productId, quantity }, sellers.get(orderId)!),
    ),
  );
}

async function noteDecision(tx: Transaction, orderId: string): Promise<void> {
  await tx.rows(
    `UPDATE reservations SET decided_at = clock_timestamp()
     WHERE order_id = $1 AND state = 'held' AND decided_at IS NULL`,
    [orderId],
  );
}

async function noteEnd(tx: Transaction, orderId: string): Promise<void> {
  await tx.rows(
    `UPDATE reservations SET ended_at = clock_timestamp() WHERE order_id = $1 AND ended_at IS NULL`,
    [orderId],
  );
}

async function releaseOrder(
  tx: Transaction,
  orderId: string,
  by: EventActor,
  reason: string,
): Promise<void> {
  const rows = await tx.rows<{ product_id: string }>(
    'SELECT product_id FROM reservation_lines WHERE order_id = $1 AND taking > 0',
    [orderId],
  );
  if (rows.length === 0) return;
  await lockStock(
    tx,
    rows.map((row) => row.product_id),
  );
  const freed = await closeReservations(tx, [orderId], 'all');
  await recordMovements(
    tx,
    freed.map((units) => release(units, by, reason)),
  );
}

/** Puts a tombstone where nothing is; false when there already is something. */
async function entomb(tx: Transaction, orderId: string): Promise<boolean> {
  const rows = await tx.rows(
    `INSERT INTO reservations (order_id, state, decided_at) VALUES ($1, 'released', clock_timestamp())
     ON CONFLICT (order_id) DO NOTHING RETURNING order_id`,
    [orderId],
  );
  return rows.length > 0;
}

async function stateOf(tx: Transaction, orderId: string): Promise<SettledState | null> {
  return (await statesOf(tx, [orderId])).get(orderId) ?? null;
}

async function statesOf(
  tx: Transaction,
  orderIds: readonly string[],
): Promise<Map<string, SettledState>> {
  const rows = await tx.rows<{ order_id: string; state: SettledState }>(
    `SELECT order_id, CASE WHEN ended_at IS NULL THEN state ELSE 'ended' END AS state
     FROM reservations WHERE order_id = ANY($1::uuid[])`,
    [orderIds],
  );
  return new Map(rows.map((row) => [row.order_id, row.state]));
}
