import type { OrderView } from '@flotilla/contracts/orders';
import { toUuid } from '@flotilla/contracts/ids';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import {
  type OrdersUnderTest,
  ordersUnderTest,
  someone,
  teaOrder,
} from '../../test/orders-under-test.js';
import { OrderQueries } from '../repositories/order.queries.js';
import { ExpireOrders } from './expire-orders.js';
import { PlaceOrder } from './place-order.js';

const MINUTE_MS = 60_000;
const ana = someone();

let orders: OrdersUnderTest;
let expireOrders: ExpireOrders;

beforeAll(async () => {
  orders = await ordersUnderTest();
  orders.stock.stock('TEA', {
    name: 'Tea',
    price: { amount: 250, currency: 'EUR' },
    available: 1_000,
  });
  expireOrders = orders.get(ExpireOrders);
  await orders.database.pool().query('CREATE SEQUENCE attempts');
});
afterAll(() => orders.close());
afterEach(async () => {
  await orders.database.pool().query('DROP FUNCTION IF EXISTS refuse CASCADE');
  await expireOrders.execute();
});

/** Orders that are due, the first of them longest. */
async function dueOrders(count: number): Promise<OrderView[]> {
  const due: OrderView[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    orders.clock.advance(1);
    due.push((await orders.get(PlaceOrder).execute(ana, teaOrder({ holdMinutes: 5 }))).order);
  }
  orders.clock.advance(5 * MINUTE_MS);
  return due;
}

async function typesOf({ id }: OrderView): Promise<string[]> {
  return (await orders.get(OrderQueries).events(ana, id)).data.map((event) => event.type);
}

/** Makes PostgreSQL refuse every event but those of one order, if given, and count what it refused. */
async function refuseAllBut(order: OrderView | undefined, sqlState: string): Promise<void> {
  const pool = orders.database.pool();
  await pool.query('ALTER SEQUENCE attempts RESTART');
  await pool.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM nextval('attempts');
      RAISE EXCEPTION 'not this one' USING ERRCODE = '${sqlState}';
    END $$`);
  await pool.query(`
    CREATE TRIGGER refuse BEFORE INSERT ON events FOR EACH ROW
    ${order ? `WHEN (new.stream_id <> '${toUuid('ord', order.id)}')` : ''}
    EXECUTE FUNCTION refuse()`);
}

async function attempts(): Promise<number> {
  const pool = orders.database.pool();
  const { rows } = await pool.query<{ n: string }>("SELECT nextval('attempts') - 1 AS n");
  return Number(rows[0]!.n);
}

test('orders that cannot be expired, a whole page of them, keep no other from it, and are named', async () => {
  const due = await dueOrders(102);
  const last = due.at(-1)!;
  await refuseAllBut(last, 'P0001');

  const failed = await expireOrders.execute().catch((error: unknown) => error);

  expect(failed).toBeInstanceOf(AggregateError);
  const { errors } = failed as AggregateError & { errors: Error[] };
  expect(errors.map(({ message }) => message)).toEqual(
    due.slice(0, -1).map(({ id }) => `${id} was not expired`),
  );
  expect(errors[0]!.cause).toMatchObject({ message: 'not this one' });
  expect(await typesOf(last)).toEqual(['order.placed', 'order.expired']);
  expect(await typesOf(due[0]!)).toEqual(['order.placed']);
});

test('a database that is away is asked for one order, not for all that are due', async () => {
  await dueOrders(3);
  await refuseAllBut(undefined, '57P03');

  await expect(expireOrders.execute()).rejects.toMatchObject({ code: 'unavailable' });

  expect(await attempts()).toBe(1);
});

test('a sweep that is told to stop ends with the order it is at', async () => {
  const due = await dueOrders(3);
  const stopping = new AbortController();
  const sweeping = expireOrders.execute(stopping.signal);
  stopping.abort();
  await sweeping;

  expect(await typesOf(due.at(-1)!)).toEqual(['order.placed']);
});
