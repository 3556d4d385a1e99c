import { newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type OrdersUnderTest,
  ordersUnderTest,
  someone,
  teaOrder,
} from '../../test/orders-under-test.js';
import { orderIdOf } from '../domain/order-id.js';
import { PlaceOrder } from './place-order.js';
import { ResolveOrder } from './resolve-order.js';

const RACES = 200;

let orders: OrdersUnderTest;
let resolve: ResolveOrder;

beforeAll(async () => {
  orders = await ordersUnderTest();
  orders.stock.stock('TEA', {
    name: 'Tea',
    price: { amount: 250, currency: 'EUR' },
    available: 1_000,
  });
  resolve = orders.get(ResolveOrder);
});
afterAll(() => orders.close());

async function eventTypes(orderId: string): Promise<string[]> {
  const { rows } = await orders.database
    .pool()
    .query<{ type: string }>('SELECT type FROM events WHERE stream_id = $1 ORDER BY version', [
      toUuid('ord', orderId),
    ]);
  return rows.map((row) => row.type);
}

test('an id that nothing was decided about is voided once, however often it is asked for', async () => {
  const id = toId('ord', newUuid());
  const fates = await Promise.all(Array.from({ length: 8 }, () => resolve.execute(id)));
  expect(new Set(fates.map((fate) => JSON.stringify(fate)))).toEqual(
    new Set(['{"fate":"voided"}']),
  );
  expect(await eventTypes(id)).toEqual(['order.voided']);
});

test('an order that was placed is reported and left alone', async () => {
  const ana = someone();
  const { order } = await orders.get(PlaceOrder).execute(ana, teaOrder({ holdMinutes: 5 }));
  expect(await resolve.execute(order.id)).toEqual({ fate: 'placed', status: 'pending' });
  expect(await eventTypes(order.id)).toEqual(['order.placed']);
});

test('a pending order whose time is up ends, once, without waiting for a sweep', async () => {
  const { order } = await orders.get(PlaceOrder).execute(someone(), teaOrder({ holdMinutes: 5 }));
  orders.clock.advance(5 * 60_000);
  const fates = await Promise.all(Array.from({ length: 8 }, () => resolve.execute(order.id)));
  expect(new Set(fates.map((fate) => JSON.stringify(fate)))).toEqual(
    new Set(['{"fate":"placed","status":"expired"}']),
  );
  expect(await eventTypes(order.id)).toEqual(['order.placed', 'order.expired']);
});

test('of a placing and a void at once exactly one is written, and both report that one', async () => {
  const sweeper = (await orders.replica()).get(ResolveOrder);
  const place = orders.get(PlaceOrder);
  const ana = someone();
  let placed = 0;
  for (let race = 0; race < RACES; race += 1) {
    const key = `race-${race}`;
    const id = orderIdOf(ana, key);
    // Both start when the stock is held; who is sooner at the database varies with the round.
    let sweeping: Promise<{ fate: string }> | undefined;
    orders.stock.beforeAnswer = () => {
      sweeping = new Promise<void>((go) => setTimeout(go, (race % 8) / 2)).then(() =>
        sweeper.execute(id),
      );
      return Promise.resolve();
    };
    const outcome = await place.execute(ana, teaOrder({}, key)).then(
      () => 'placed',
      (error: unknown) => (error as { code: string }).code,
    );
    const { fate } = await sweeping!;
    expect([fate, outcome]).toEqual(
      fate === 'placed' ? ['placed', 'placed'] : ['voided', 'order-voided'],
    );
    expect(await eventTypes(id)).toEqual([`order.${fate}`]);
    if (fate === 'placed') placed += 1;
  }
  // Otherwise it was no race.
  expect(placed).toBeGreaterThan(0);
  expect(placed).toBeLessThan(RACES);
});
