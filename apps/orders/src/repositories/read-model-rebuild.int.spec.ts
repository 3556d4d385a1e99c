import type { Actor } from '@flotilla/contracts/actor';
import { toUuid } from '@flotilla/contracts/ids';
import type { OrderView } from '@flotilla/contracts/orders';
import { eventually } from '@flotilla/testing/eventually';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  type OrdersUnderTest,
  ordersUnderTest,
  someone,
  teaOrder,
} from '../../test/orders-under-test.js';
import { CancelOrder } from '../use-cases/cancel-order.js';
import { FulfillOrder } from '../use-cases/fulfill-order.js';
import { PlaceOrder } from '../use-cases/place-order.js';
import { RecordPayment } from '../use-cases/record-payment.js';
import { ReadModelRebuild } from './read-model-rebuild.js';

/** As many at once as connections to the database, so that none waits for one in vain however slow the machine is. */
const AT_ONCE = 10;

const ana: Actor = someone({ permissions: ['orders:admin'] });
let orders: OrdersUnderTest;

beforeAll(async () => {
  orders = await ordersUnderTest();
});
afterAll(() => orders.close());
beforeEach(() => {
  const price = { amount: 250, currency: 'EUR' };
  orders.stock.stock('TEA', { name: 'Tea', price, available: 10_000 });
  orders.stock.stock('MUG', { name: 'Mug', price, available: 10_000 });
});

async function place(holdMinutes?: number): Promise<OrderView> {
  const items = ['TEA', 'MUG'].map((sku) => ({ sku, quantity: 2 }));
  const more = { items, holdMinutes, metadata: { note: '"né\\' } };
  return (await orders.get(PlaceOrder).execute(ana, teaOrder(more))).order;
}

/** Orders in every state, more than fit on a page. */
async function history(): Promise<void> {
  const placed: OrderView[] = [];
  while (placed.length < 210) {
    const some = Array.from({ length: AT_ONCE }, (_, n) => place(n % 2 ? 5 : undefined));
    placed.push(...(await Promise.all(some)));
  }
  const [first, second, third] = placed.filter(({ status }) => status === 'confirmed');
  await orders.get(CancelOrder).execute(ana, { orderId: first!.id });
  const items = [{ sku: 'TEA', quantity: 1 }];
  await orders
    .get(FulfillOrder)
    .execute(ana, { orderId: second!.id, idempotencyKey: 's', body: { items } });
  await orders
    .get(FulfillOrder)
    .execute(ana, { orderId: third!.id, idempotencyKey: 't', body: {} });
  const amount = { amount: 100, currency: 'EUR' };
  await orders.get(RecordPayment).execute(ana, {
    orderId: second!.id,
    idempotencyKey: 'p',
    body: { amount, reference: 'bank' },
  });
}

async function readModel(): Promise<unknown[]> {
  const pool = orders.database.pool();
  const order = await pool.query('SELECT * FROM orders ORDER BY id');
  const lines = await pool.query('SELECT * FROM order_lines ORDER BY order_id, position');
  return [order.rows, lines.rows];
}

/** All pages; `between` happens after each. */
async function rebuild(between: () => Promise<unknown> = () => Promise.resolve()): Promise<number> {
  let rebuilt = 0;
  let after: string | null | undefined;
  while (after !== null) {
    const page = await orders.get(ReadModelRebuild).page(after);
    rebuilt += page.orders;
    after = page.next;
    await between();
  }
  return rebuilt;
}

test('rows made from the events are those that were there, whatever became of them', async () => {
  await history();
  const before = await readModel();
  const pool = orders.database.pool();
  await pool.query('DELETE FROM orders WHERE id IN (SELECT id FROM orders ORDER BY id LIMIT 20)');
  await pool.query('DELETE FROM order_lines WHERE position = 2');
  await pool.query("UPDATE orders SET status = 'completed', version = version + 9");
  await pool.query(
    `INSERT INTO orders SELECT gen_random_uuid(), number + 1000000, user_id, mode, status, payment_status, fulfillment_status, currency,
       total_amount, paid_amount, refunded_amount, shipping_address, metadata, expires_at, version, created_at, updated_at
     FROM orders LIMIT 3`,
  );
  expect(await readModel()).not.toEqual(before);
  expect(await rebuild()).toBe(await orders.get(ReadModelRebuild).count());
  expect(await readModel()).toEqual(before);
});

test('orders are taken up one after the other by their ids, as they are written, and new ones left alone, so that nobody waits crosswise', async () => {
  await Promise.all(Array.from({ length: AT_ONCE }, () => place()));
  const pool = orders.database.pool();
  const writer = await pool.connect();
  const newcomer = await pool.connect();
  try {
    // The first by its id stands behind all others in the table, which is small enough to be read as it stands.
    const first = '(SELECT min(id::text)::uuid FROM orders)';
    await writer.query('VACUUM (FULL, ANALYZE) orders');
    await writer.query(`UPDATE orders SET updated_at = updated_at WHERE id = ${first}`);
    await writer.query(`BEGIN; SELECT FROM orders WHERE id = ${first} FOR UPDATE`);
    const rebuilding = orders.get(ReadModelRebuild).page();
    await eventually(async () => {
      const waiting = await pool.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return waiting.rowCount === 1;
    });
    const others = writer.query(`SELECT FROM orders WHERE id > ${first} FOR UPDATE NOWAIT`);
    await expect(others).resolves.toBeDefined();
    let id: string;
    do id = toUuid('ord', (await place()).id);
    while (id > '8'); // in the first half of all, and so on this page
    await newcomer.query(`BEGIN; SELECT FROM orders WHERE id = '${id}' FOR UPDATE`);
    await writer.query('COMMIT');
    await expect(rebuilding).resolves.toBeDefined();
  } finally {
    for (const client of [writer, newcomer]) {
      await client.query('ROLLBACK');
      client.release();
    }
  }
});

test('orders that are placed and changed meanwhile lose nothing', async () => {
  const working = Array.from({ length: AT_ONCE - 2 }, async () => {
    for (let round = 0; round < 4; round += 1) {
      const { id } = await place();
      await orders.get(CancelOrder).execute(ana, { orderId: id });
    }
  });
  await Promise.all([...working, rebuild(), rebuild()]);
  const during = await readModel();
  await rebuild();
  expect(await readModel()).toEqual(during);
});
