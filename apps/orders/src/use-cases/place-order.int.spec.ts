import { newUuid, toUuid } from '@flotilla/contracts/ids';
import { runInContext } from '@flotilla/runtime/request-context';
import { Statements } from '@flotilla/runtime/statements';
import { lossyConnection } from '@flotilla/testing/lossy-connection';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type OrdersUnderTest,
  ordersUnderTest,
  someone,
  teaOrder,
} from '../../test/orders-under-test.js';
import { orderIdOf } from '../domain/order-id.js';
import { OrderQueries } from '../repositories/order.queries.js';
import { CancelOrder } from './cancel-order.js';
import { PlaceOrder } from './place-order.js';
import { Orders } from './ports.js';
import { ResolveOrder } from './resolve-order.js';

let orders: OrdersUnderTest;
let place: PlaceOrder;

beforeAll(async () => {
  orders = await ordersUnderTest();
  place = orders.get(PlaceOrder);
});
afterAll(() => orders.close());
beforeEach(() => {
  orders.stock.stock('TEA', {
    name: 'Tea',
    price: { amount: 250, currency: 'EUR' },
    available: 1_000,
  });
  orders.stock.beforeAnswer = () => Promise.resolve();
});

async function count(table: 'orders' | 'order_lines' | 'events', id: string): Promise<number> {
  const column = { orders: 'id', order_lines: 'order_id', events: 'stream_id' }[table];
  const { rows } = await orders.database
    .pool()
    .query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE ${column} = $1`, [id]);
  return rows[0]!.n;
}

test('what was placed is what is read', async () => {
  const ana = someone();
  const address = {
    name: 'Ana',
    line1: '1 Quay',
    city: 'Ghent',
    postalCode: '9000',
    country: 'BE',
  };
  const { order, replayed } = await place.execute(
    ana,
    teaOrder({
      items: [
        { sku: 'tea', quantity: 2 },
        { sku: 'TEA', quantity: 1 },
      ],
      shippingAddress: address,
      metadata: { z: 1, a: { y: [1.5, null, 'ü'], b: 1e21 } },
    }),
  );
  expect(replayed).toBe(false);
  expect(order).toMatchObject({
    status: 'confirmed',
    number: expect.stringMatching(/^\d{6,}$/),
    items: [{ sku: 'tea', quantity: 3, total: { amount: 750, currency: 'EUR' } }],
    total: { amount: 750, currency: 'EUR' },
    shippingAddress: address,
    version: 1,
    createdAt: '2026-03-01T12:00:00.000Z',
  });
  const read = await orders.get(OrderQueries).get(ana, order.id);
  expect(JSON.stringify(read)).toBe(JSON.stringify(order));
});

test('a retry is answered byte for byte as at first, even after the order went on', async () => {
  const ana = someone();
  const body = { holdMinutes: 5, metadata: { z: 1, apple: { yak: 2, b: [3] }, 10: 'ten' } };
  const first = await place.execute(ana, teaOrder(body, 'retried'));
  orders.clock.advance(1_000);
  await orders.get(CancelOrder).execute(ana, { orderId: first.order.id });
  const again = await place.execute(
    ana,
    teaOrder(
      { metadata: { apple: { b: [3], yak: 2 }, 10: 'ten', z: 1 }, holdMinutes: 5 },
      'retried',
    ),
  );
  expect(again.replayed).toBe(true);
  expect(JSON.stringify(again.order)).toBe(JSON.stringify(first.order));
});

test('a retry, and whoever reads, is given the metadata byte for byte as at first, whatever JSON it is', async () => {
  const ana = someone();
  const metadata = fc
    .dictionary(fc.string(), fc.jsonValue())
    .filter((value) => !JSON.stringify(value).includes('\\u0000'));
  await fc.assert(
    fc.asyncProperty(metadata, fc.uuid(), async (value, key) => {
      const first = await place.execute(ana, teaOrder({ metadata: value }, key));
      const again = await place.execute(ana, teaOrder({ metadata: value }, key));
      const read = await orders.get(OrderQueries).get(ana, first.order.id);
      expect([first.replayed, again.replayed]).toEqual([false, true]);
      expect(JSON.stringify(again.order)).toBe(JSON.stringify(first.order));
      expect(JSON.stringify(read)).toBe(JSON.stringify(first.order));
    }),
    { examples: [[{ zebra: 1, a: { y: 1, x: 2 }, b: [{ d: -0, c: 1e-7 }] }, newUuid()]] },
  );
});

test('one key takes stock once', async () => {
  const ana = someone();
  const before = orders.stock.available('TEA');
  await place.execute(ana, teaOrder({}, 'once'));
  await place.execute(ana, teaOrder({}, 'once'));
  expect(orders.stock.available('TEA')).toBe(before - 1);
});

test('another request under the key is refused and takes nothing', async () => {
  const ana = someone();
  await place.execute(ana, teaOrder({}, 'reused'));
  const before = orders.stock.available('TEA');
  const other = teaOrder({ items: [{ sku: 'TEA', quantity: 2 }] }, 'reused');
  await expect(place.execute(ana, other)).rejects.toMatchObject({ code: 'idempotency-key-reuse' });
  expect(orders.stock.available('TEA')).toBe(before);
});

test('the same key of another user or mode is another order', async () => {
  const ana = someone();
  const ids = await Promise.all(
    [ana, someone(), someone({ userId: ana.userId, mode: 'test' })].map(
      async (actor) => (await place.execute(actor, teaOrder({}, 'key'))).order.id,
    ),
  );
  expect(new Set(ids).size).toBe(3);
});

test('a refused hold writes nothing, and the same key may be tried again', async () => {
  const ana = someone();
  orders.stock.stock('RARE', { name: 'Rare', price: { amount: 1, currency: 'EUR' }, available: 0 });
  const wish = teaOrder({ items: [{ sku: 'RARE', quantity: 1 }] });
  const refused = place.execute(ana, wish);
  await expect(refused).rejects.toMatchObject({
    code: 'insufficient-stock',
    details: { lines: [{ sku: 'RARE', requested: 1, available: 0 }] },
  });
  orders.stock.stock('RARE', { name: 'Rare', price: { amount: 1, currency: 'EUR' }, available: 1 });
  expect((await place.execute(ana, wish)).replayed).toBe(false);
});

test('a request that is still running in this process is in flight', async () => {
  const ana = someone();
  const gate = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  orders.stock.beforeAnswer = () => (held.resolve(), gate.promise);
  const first = place.execute(ana, teaOrder({}, 'running'));
  await held.promise;
  const second = place.execute(ana, teaOrder({}, 'running'));
  await expect(second).rejects.toMatchObject({ code: 'idempotency-key-in-flight' });
  gate.resolve();
  await first;
  expect((await place.execute(ana, teaOrder({}, 'running'))).replayed).toBe(true);
});

test('two processes with one request place one order and give one answer', async () => {
  const other = (await orders.replica()).get(PlaceOrder);
  const ana = someone();
  const before = orders.stock.available('TEA');
  for (let round = 0; round < 20; round += 1) {
    const [one, two] = await Promise.all(
      [place, other].map((replica) => replica.execute(ana, teaOrder({}, `round-${round}`))),
    );
    expect(JSON.stringify(one!.order)).toBe(JSON.stringify(two!.order));
    expect([one!.replayed, two!.replayed].filter((replayed) => !replayed)).toHaveLength(1);
  }
  expect(orders.stock.available('TEA')).toBe(before - 20);
});

test('an order that another process was first to place is never refused, even when there is no time left to read it', async () => {
  const ana = someone();
  const other = (await orders.replica()).get(PlaceOrder);
  const streams = orders.get(Orders);
  const write = streams.write.bind(streams);
  const request = { requestId: 'late', deadline: performance.now() + 60_000 };
  jest.spyOn(streams, 'write').mockImplementationOnce(async (...decision) => {
    await other.execute(ana, teaOrder({}, 'first'));
    return write(...decision).finally(() => (request.deadline = 0));
  });
  const late = runInContext(request, () => place.execute(ana, teaOrder({}, 'first')));
  await expect(late).rejects.toMatchObject({ code: 'deadline-exceeded' });
  expect((await place.execute(ana, teaOrder({}, 'first'))).replayed).toBe(true);
});

test('an attempt that was voided while it ran is withdrawn for good and leaves no row', async () => {
  const ana = someone();
  const id = orderIdOf(ana, 'slow');
  orders.stock.beforeAnswer = async () => {
    await orders.get(ResolveOrder).execute(id);
  };
  const wish = teaOrder({}, 'slow');
  await expect(place.execute(ana, wish)).rejects.toMatchObject({ code: 'order-voided' });
  await expect(place.execute(ana, wish)).rejects.toMatchObject({ code: 'order-voided' });
  await expect(orders.get(OrderQueries).get(ana, id)).rejects.toMatchObject({ code: 'not-found' });
  await expect(orders.get(OrderQueries).events(ana, id)).rejects.toMatchObject({
    code: 'not-found',
  });
  expect((await orders.get(OrderQueries).list(ana, {})).data).toEqual([]);
});

test('a refusal after the hold withdraws the attempt, so that its stock is given back', async () => {
  const ana = someone();
  orders.stock.stock('USD', { name: 'Mug', price: { amount: 1, currency: 'USD' }, available: 5 });
  const items = ['TEA', 'USD'].map((sku) => ({ sku, quantity: 1 }));
  const mixed = place.execute(ana, teaOrder({ items }, 'mixed'));
  await expect(mixed).rejects.toMatchObject({ code: 'validation-failed' });
  expect((await orders.get(Orders).load(orderIdOf(ana, 'mixed'))).status).toBe('voided');
});

test('a late duplicate that finds the hold of a cancelled order released gets the first answer', async () => {
  const ana = someone();
  const other = (await orders.replica()).get(PlaceOrder);
  const id = orderIdOf(ana, 'late');
  let first: Awaited<ReturnType<PlaceOrder['execute']>> | undefined;
  // While the duplicate is on its way to inventory, the whole life of the order passes by.
  orders.stock.beforeRequest = async () => {
    orders.stock.beforeRequest = () => Promise.resolve();
    first = await other.execute(ana, teaOrder({}, 'late'));
    await orders.get(CancelOrder).execute(ana, { orderId: id });
    orders.stock.release(id);
  };
  const duplicate = await place.execute(ana, teaOrder({}, 'late'));
  expect(duplicate.replayed).toBe(true);
  expect(JSON.stringify(duplicate.order)).toBe(JSON.stringify(first!.order));
});

test.each([
  ['the read model', 'TRIGGER refuse BEFORE INSERT ON order_lines'],
  ['the COMMIT', 'CONSTRAINT TRIGGER refuse AFTER INSERT ON events INITIALLY DEFERRED'],
])(
  'an order and its read model are written together or not at all: %s fails',
  async (_, trigger) => {
    const ana = someone();
    const id = toUuid('ord', orderIdOf(ana, 'torn'));
    const pool = orders.database.pool();
    await pool.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'not today'; END $$`);
    await pool.query(`CREATE ${trigger} FOR EACH ROW EXECUTE FUNCTION refuse()`);
    try {
      await expect(place.execute(ana, teaOrder({}, 'torn'))).rejects.toThrow('not today');
    } finally {
      await pool.query('DROP FUNCTION refuse CASCADE');
    }
    expect(await count('events', id)).toBe(0);
    expect(await count('orders', id)).toBe(0);
    expect((await place.execute(ana, teaOrder({}, 'torn'))).replayed).toBe(false);
  },
);

test('an order whose COMMIT was never answered is answered from its stream', async () => {
  const ana = someone();
  const lossy = await lossyConnection(orders.database.url);
  try {
    const replica = (await orders.replica(lossy.url)).get(PlaceOrder);
    lossy.loseCommitOf('order.placed');
    const { order, replayed } = await replica.execute(ana, teaOrder({}, 'lost'));
    expect(replayed).toBe(true);
    expect(order).toEqual((await place.execute(ana, teaOrder({}, 'lost'))).order);
    expect(await orders.get(OrderQueries).events(ana, order.id)).toMatchObject({
      data: [{ type: 'order.placed' }],
    });
  } finally {
    await lossy.close();
  }
});

test('an order of a hundred lines takes as many statements as one of one, and keeps their order', async () => {
  const ana = someone();
  const skus = Array.from({ length: 100 }, (_, index) => `S${(index * 37) % 100}`);
  for (const sku of skus) {
    orders.stock.stock(sku, { name: sku, price: { amount: 3, currency: 'EUR' }, available: 1 });
  }
  const wish = teaOrder({ items: skus.map((sku) => ({ sku, quantity: 1 })) });
  await place.execute(ana, teaOrder()); // draws a block of numbers
  const statements = jest.spyOn(Statements.prototype, 'run');
  await place.execute(ana, teaOrder());
  const forOneLine = statements.mock.calls.length;
  const { order } = await place.execute(ana, wish);
  expect(statements.mock.calls.length - forOneLine).toBe(forOneLine);
  statements.mockRestore();
  const uuid = toUuid('ord', order.id);
  expect(await count('events', uuid)).toBe(1);
  expect(await count('order_lines', uuid)).toBe(100);
  const read = await orders.get(OrderQueries).get(ana, order.id);
  expect(read.items.map((item) => item.sku)).toEqual(skus);
});

test('without inventory nothing is placed, and the key may be tried again', async () => {
  const ana = someone();
  await orders.nats.kill();
  const refused = place.execute(ana, teaOrder({}, 'alone'));
  await expect(refused).rejects.toMatchObject({ kind: 'unavailable' });
  await orders.nats.restart();
  expect(await count('events', toUuid('ord', orderIdOf(ana, 'alone')))).toBe(0);
});
