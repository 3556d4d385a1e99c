import { newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import { runInContext } from '@flotilla/runtime/request-context';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type OrdersUnderTest,
  ordersUnderTest,
  someone,
  teaOrder,
} from '../../test/orders-under-test.js';
import { cancel, NOTHING, placedOrder } from '../domain/order.js';
import { withdraw } from '../domain/placing.js';
import { PlaceOrder } from '../use-cases/place-order.js';
import { Orders } from '../use-cases/ports.js';

let orders: OrdersUnderTest;

beforeAll(async () => {
  orders = await ordersUnderTest();
  const price = { amount: 250, currency: 'EUR' };
  orders.stock.stock('TEA', { name: 'Tea', price, available: 10_000 });
});
afterAll(() => orders.close());

const place = (metadata: Record<string, unknown> = {}) =>
  orders.get(PlaceOrder).execute(someone(), teaOrder({ metadata }));

/** Withdraws an id of which nothing is known: the shortest thing that can be written. */
const withdrawing = (id = toId('ord', newUuid())) =>
  orders
    .get(Orders)
    .write(id, NOTHING, withdraw(NOTHING, 'test'), { at: new Date(), actor: { system: 'test' } });

async function events<Row>(columns: string): Promise<Row[]> {
  return (await orders.database.pool().query(`SELECT ${columns} FROM events`)).rows as Row[];
}

test('what comes while a transaction runs shares the next one', async () => {
  await Promise.all(Array.from({ length: 40 }, () => withdrawing()));
  const [row] = await events<{ transactions: number }>(
    'count(DISTINCT xmin::text)::int AS transactions',
  );
  expect(row!.transactions).toBeLessThanOrEqual(2);
});

test('an order that the database refuses fails alone, whoever is written with it', async () => {
  const pool = orders.database.pool();
  await pool.query("ALTER TABLE orders ADD CONSTRAINT poison CHECK (NOT metadata ? 'poison')");
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, (_, n) => place(n === 7 ? { poison: true } : {})),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(
    outcomes.map((_, n) => (n === 7 ? 'rejected' : 'fulfilled')),
  );
});

test('of two decisions about one order in one batch the first is written, and the other told', async () => {
  const id = toId('ord', newUuid());
  const first = withdrawing();
  const outcomes = await Promise.allSettled([withdrawing(id), withdrawing(id)]);
  await first;
  expect(outcomes).toMatchObject([
    { status: 'fulfilled', value: { status: 'voided', version: 1 } },
    { status: 'rejected', reason: { code: 'version-conflict' } },
  ]);
});

test('an event tells of its own request, whoever it was written with', async () => {
  const ids = Array.from({ length: 10 }, () => toId('ord', newUuid()));
  await Promise.all(
    ids.map((id, n) => runInContext({ requestId: `request-${n}` }, () => withdrawing(id))),
  );
  const told = await events<{ stream_id: string; by: string }>(
    "stream_id, metadata->>'requestId' AS by",
  );
  const requestOf = new Map(told.map((row) => [row.stream_id, row.by]));
  expect(ids.map((id) => requestOf.get(toUuid('ord', id)))).toEqual(
    ids.map((_, n) => `request-${n}`),
  );
});

test('a history never runs backwards, whatever the clock of the process that writes on', async () => {
  const { order } = await place();
  const behind = { at: new Date(0), actor: { system: 'test' } };
  const after = await orders
    .get(Orders)
    .update(order.id, (current) => cancel(placedOrder(current), null, new Date()), behind);
  expect(after).toMatchObject({ version: 2, updatedAt: order.createdAt });
});
