import type { QueryCache } from '@flotilla/cache/query-cache';
import type { ImportRow } from '@flotilla/contracts/catalogue-import';
import { openDataSource } from '@flotilla/runtime/data-source';
import { Database } from '@flotilla/runtime/database';
import { createLogger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { Statements } from '@flotilla/runtime/statements';
import { eventually } from '@flotilla/testing/eventually';
import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { HoldOutcome } from '../src/domain/holds.js';
import type { StockFate } from '../src/domain/order-fate.js';
import type { HoldRequest } from '../src/domain/reservation.js';
import { migrations } from '../src/migrations.js';
import { CatalogueRepository } from '../src/repositories/catalogue.repository.js';
import { GoodsRepository } from '../src/repositories/goods.repository.js';
import { ProductQueries } from '../src/repositories/product.queries.js';
import { ReservationsRepository } from '../src/repositories/reservations.repository.js';
import { HoldStock } from '../src/use-cases/hold-stock.js';
import { OrderFates } from '../src/use-cases/ports.js';
import { ReclaimUnconfirmed } from '../src/use-cases/reclaim-unconfirmed.js';
import { SalesGate } from '../src/use-cases/sales-gate.js';
import { SettleOrder } from '../src/use-cases/settle-order.js';
import { StockQueries } from '../src/repositories/stock.queries.js';

export const BY = { system: 'test' };

const NOTHING_KEPT = {
  rows: (_query: unknown, run: () => Promise<unknown[]>) => run(),
  tableChanged: () => Promise.resolve(),
} as unknown as QueryCache;

/** What one process may have open. */
const CONNECTIONS = 5;
/** On a machine that has more to do, a statement takes longer than anybody outside a test would wait. */
const BUDGET_MS = 20_000;
const PATIENCE_MS = 20_000;

/** What one process has of the database: its own pool, and the repositories over it. */
export interface InventoryStore {
  database: Database;
  /** Open. */
  gate: SalesGate;
  reservations: ReservationsRepository;
  catalogue: CatalogueRepository;
  goods: GoodsRepository;
  products: ProductQueries;
  queries: StockQueries;
  /** How many statements `work` runs. */
  countStatements(work: () => Promise<unknown>): Promise<number>;
  /** How PostgreSQL means to run each statement of `work`, as `EXPLAIN` shows it. */
  plansOf(work: () => Promise<unknown>): Promise<string[]>;
  close(): Promise<void>;
}

class WatchedStatements extends Statements {
  count = 0;
  /** Filled when there. */
  plans?: string[];

  override async run<Row>(
    client: PoolClient,
    text: string,
    values: readonly unknown[],
  ): Promise<Row[]> {
    this.count += 1;
    if (this.plans) {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, [...values]);
      this.plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    }
    return super.run(client, text, values);
  }
}

export async function openStore(databaseUrl: string): Promise<InventoryStore> {
  const logger = createLogger('inventory', 'silent');
  const statements = new WatchedStatements(logger, new Metrics('inventory'), 60_000);
  const config = {
    databaseUrl,
    poolMax: CONNECTIONS,
    slowStatementMs: 60_000,
    startTimeoutMs: 5_000,
  };
  const dataSource = await openDataSource(
    { service: 'inventory', config, migrations, budgetMs: BUDGET_MS },
    logger,
    statements,
  );
  const database = new Database(dataSource, statements);
  const gate = new SalesGate();
  gate.open();
  return {
    database,
    gate,
    reservations: new ReservationsRepository(database, gate),
    catalogue: new CatalogueRepository(database),
    goods: new GoodsRepository(database),
    products: new ProductQueries(database, NOTHING_KEPT),
    queries: new StockQueries(database),
    countStatements: async (work) => {
      const before = statements.count;
      await work();
      return statements.count - before;
    },
    plansOf: async (work) => {
      const plans = (statements.plans = [] as string[]);
      await work();
      statements.plans = undefined;
      return plans;
    },
    close: () => dataSource.destroy(),
  };
}

/** What a test has decided about orders, by uuid; there is no answer for others. */
export class DecidedFates extends OrderFates {
  readonly asked: string[] = [];

  constructor(private readonly fates: Record<string, StockFate> = {}) {
    super();
  }

  fateOf(orderId: string): Promise<StockFate> {
    this.asked.push(orderId);
    const fate = this.fates[orderId];
    return fate ? Promise.resolve(fate) : Promise.reject(new Error('orders is away'));
  }
}

/** The use case of one process. */
export function holdStockIn(
  { reservations, gate }: InventoryStore,
  fates: OrderFates = new DecidedFates(),
): HoldStock {
  const [logger, metrics] = [createLogger('inventory', 'silent'), new Metrics('inventory')];
  const settleOrder = new SettleOrder(reservations, logger, metrics);
  const reclaim = new ReclaimUnconfirmed(reservations, fates, settleOrder, logger);
  return new HoldStock(reservations, gate, reclaim, metrics);
}

let skus = 0;

/** Puts a new product on the shelves and answers its SKU. */
export async function stocked(
  store: InventoryStore,
  onHand: number,
  { amount = 1000, currency = 'EUR' } = {},
): Promise<string> {
  const sku = `SKU-${(skus += 1)}`;
  await store.catalogue.import('live', [rowOf(sku, onHand, { amount, currency })], BY);
  return sku;
}

export function rowOf(
  sku: string,
  onHand: number,
  { amount = 1000, currency = 'EUR', name = `A ${sku}`, line = 2 } = {},
): ImportRow {
  return { line, sku, name, price: { amount, currency }, onHand };
}

/** A demand under a new order id, unless `more` says otherwise. */
export function demand(
  lines: Record<string, number>,
  more: Partial<HoldRequest> = {},
): HoldRequest {
  return {
    orderId: randomUUID(),
    mode: 'live',
    requestHash: '11'.repeat(32),
    lines: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity })),
    expiresAt: null,
    by: BY,
    ...more,
  };
}

/** What became of a demand that comes alone. */
export async function holdOne(store: InventoryStore, request: HoldRequest): Promise<HoldOutcome> {
  return (await store.reservations.hold([request]))[0]!;
}

/**
 * Holds one by one, as many at a time as there are connections, so that none waits for anything but locks. One that gets no
 * connection in time is tried again, as a client would.
 */
export async function holdEach(
  stores: readonly InventoryStore[],
  requests: readonly HoldRequest[],
): Promise<HoldOutcome[]> {
  const queue = requests.entries();
  const outcomes: HoldOutcome[] = [];
  const work = async (store: InventoryStore): Promise<void> => {
    for (const [index, request] of queue) {
      outcomes[index] = await eventually(() => holdOne(store, request), { timeoutMs: PATIENCE_MS });
    }
  };
  await Promise.all(
    stores.flatMap((store) => Array.from({ length: CONNECTIONS }, () => work(store))),
  );
  return outcomes;
}

export function codeOf(outcome: HoldOutcome): string {
  return outcome.kind === 'refused' ? outcome.error.code : outcome.kind;
}

/** A moment that is over. */
export const PAST = new Date('2020-01-01T00:00:00.000Z');

/** What must hold for every product at any time; answers the products for which it does not. */
export async function imbalances(pool: Pool): Promise<unknown[]> {
  const { rows } = await pool.query(`
    SELECT * FROM (
      SELECT sku, on_hand, on_hand - available AS reserved,
        (SELECT coalesce(sum(on_hand_delta), 0)::int FROM movements m WHERE m.product_id = p.id) AS moved,
        (SELECT coalesce(sum(reserved_delta), 0)::int FROM movements m WHERE m.product_id = p.id) AS moved_reserved,
        (SELECT coalesce(sum(taking), 0)::int FROM reservation_lines l WHERE l.product_id = p.id) AS taking
      FROM products p JOIN stock ON product_id = p.id
    ) sums WHERE on_hand <> moved OR reserved <> moved_reserved OR reserved <> taking`);
  return rows;
}
