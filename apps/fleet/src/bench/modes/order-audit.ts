import { toUuid } from '@flotilla/contracts/ids';
import pg from 'pg';
import { adminDatabaseUrl } from '../../database-names.js';
import type { StatefulService } from '../../services.js';
import type { Zeros } from '../mode.js';
import type { OrderRecord } from './order-load.js';

/** What there was to sell, and what clients were told of it. */
export interface Sale {
  /** Units by SKU. */
  stocked: ReadonlyMap<string, number>;
  records: readonly OrderRecord[];
}

/** What the databases say of the products of a sale. */
export interface Books {
  orders: readonly {
    /** Its uuid. */
    id: string;
    /** The idempotency key that its metadata names. */
    key: string;
    status: string;
    items: readonly { sku: string; quantity: number }[];
  }[];
  /** The state of the reservation by the uuid of the order. */
  reservations: ReadonlyMap<string, string>;
}

/** Compares what clients were told with the databases of orders and inventory, row by row. */
export async function auditOrders(databaseUrl: string, sale: Sale): Promise<Zeros> {
  return compare(sale, await readBooks(databaseUrl, [...sale.stocked.keys()]));
}

/** The figures that have to be zero. */
export function compare({ stocked, records }: Sale, { orders, reservations }: Books): Zeros {
  return {
    oversold: oversold(stocked, orders),
    lost: lost(records, { orders, reservations }),
    doubled: doubled(records, orders),
  };
}

/** Units that orders have and nobody had to sell. */
function oversold(stocked: ReadonlyMap<string, number>, orders: Books['orders']): number {
  const left = new Map(stocked);
  let beyond = 0;
  for (const { status, items } of orders) {
    if (status === 'cancelled' || status === 'expired') continue;
    for (const { sku, quantity } of items) {
      const before = left.get(sku) ?? 0;
      left.set(sku, Math.max(0, before - quantity));
      beyond += Math.max(0, quantity - before);
    }
  }
  return beyond;
}

/** The status of an order, and the state of its reservation. */
const SOLD = 'confirmed, committed';
const GIVEN_BACK = 'cancelled, released';

/** Orders that were answered and are not there as they were told, or have no stock behind them. */
function lost(records: readonly OrderRecord[], { orders, reservations }: Books): number {
  const statusOf = new Map(orders.map(({ id, status }) => [id, status]));
  let count = 0;
  for (const { answered, cancelled, perhapsCancelled } of records) {
    const isCancelled = new Set(cancelled);
    const isDoubtful = new Set(perhapsCancelled);
    for (const id of Object.values(answered)) {
      const uuid = toUuid('ord', id);
      const found = `${statusOf.get(uuid)}, ${reservations.get(uuid)}`;
      const isThere = found === SOLD && !isCancelled.has(id);
      const isGivenBack = found === GIVEN_BACK && (isCancelled.has(id) || isDoubtful.has(id));
      if (!isThere && !isGivenBack) count += 1;
    }
  }
  return count;
}

/** Orders beyond the first under one key, orders that nobody asked for, and repetitions told of another one. */
function doubled(records: readonly OrderRecord[], orders: Books['orders']): number {
  const asked = new Set<string>();
  let count = 0;
  for (const { answered, unanswered, contradicted } of records) {
    for (const key of [...Object.keys(answered), ...unanswered]) asked.add(key);
    count += contradicted;
  }
  for (const { key } of orders) if (!asked.delete(key)) count += 1;
  return count;
}

async function readBooks(databaseUrl: string, skus: readonly string[]): Promise<Books> {
  const orders = await rows<Books['orders'][number]>(
    databaseUrl,
    'orders',
    `SELECT id, metadata->>'bench' AS key, status,
       jsonb_agg(jsonb_build_object('sku', sku, 'quantity', quantity)) AS items
     FROM orders JOIN order_lines ON order_id = id
     WHERE id IN (SELECT order_id FROM order_lines WHERE sku = ANY($1)) GROUP BY id`,
    skus,
  );
  const reservations = await rows<{ order_id: string; state: string }>(
    databaseUrl,
    'inventory',
    `SELECT order_id, state FROM reservations
     WHERE order_id IN (SELECT order_id FROM reservation_lines WHERE sku = ANY($1))`,
    skus,
  );
  return { orders, reservations: new Map(reservations.map((row) => [row.order_id, row.state])) };
}

async function rows<Row extends pg.QueryResultRow>(
  databaseUrl: string,
  service: StatefulService,
  text: string,
  skus: readonly string[],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: adminDatabaseUrl(databaseUrl, service) });
  await client.connect();
  try {
    return (await client.query<Row>(text, [skus])).rows;
  } finally {
    await client.end();
  }
}
