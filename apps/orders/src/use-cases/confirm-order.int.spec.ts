import type { Actor } from '@flotilla/contracts/actor';
import type { OrderView } from '@flotilla/contracts/orders';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  type OrdersUnderTest,
  ordersUnderTest,
  someone,
  teaOrder,
} from '../../test/orders-under-test.js';
import { OrderQueries } from '../repositories/order.queries.js';
import { CancelOrder } from './cancel-order.js';
import { ConfirmOrder } from './confirm-order.js';
import { ExpireOrders } from './expire-orders.js';
import { PlaceOrder } from './place-order.js';

const MINUTE_MS = 60_000;

let orders: OrdersUnderTest;
let confirm: ConfirmOrder;
let ana: Actor;

beforeAll(async () => {
  orders = await ordersUnderTest();
  confirm = orders.get(ConfirmOrder);
});
afterAll(() => orders.close());
beforeEach(() => {
  ana = someone();
  orders.stock.stock('TEA', {
    name: 'Tea',
    price: { amount: 250, currency: 'EUR' },
    available: 1_000,
  });
  orders.stock.beforeRequest = orders.stock.beforeAnswer = () => Promise.resolve();
});

async function pendingOrder(): Promise<OrderView> {
  return (await orders.get(PlaceOrder).execute(ana, teaOrder({ holdMinutes: 5 }))).order;
}

async function statusOf({ id }: OrderView): Promise<string> {
  return (await orders.get(OrderQueries).get(ana, id)).status;
}

async function typesOf({ id }: OrderView): Promise<string[]> {
  return (await orders.get(OrderQueries).events(ana, id)).data.map((event) => event.type);
}

test('a confirmed order has its stock for good, and confirming it again changes nothing', async () => {
  const order = await pendingOrder();
  const confirmed = await confirm.execute(ana, order.id);
  expect(confirmed).toMatchObject({ status: 'confirmed', version: 2, expiresAt: null });
  expect(orders.stock.holds.get(order.id)?.state).toBe('committed');
  orders.clock.advance(6 * MINUTE_MS);
  expect(await confirm.execute(ana, order.id)).toEqual(confirmed);
  expect(await orders.get(OrderQueries).get(ana, order.id)).toEqual(confirmed);
});

test('from the end of the hold on it is too late, swept or not', async () => {
  const order = await pendingOrder();
  orders.clock.advance(5 * MINUTE_MS);
  await expect(confirm.execute(ana, order.id)).rejects.toMatchObject({ code: 'hold-expired' });
  expect(orders.stock.holds.get(order.id)?.state).toBe('held');
  expect(await statusOf(order)).toBe('expired');
  await orders.get(ExpireOrders).execute();
  await expect(confirm.execute(ana, order.id)).rejects.toMatchObject({ code: 'hold-expired' });
  expect(await statusOf(order)).toBe('expired');
});

test('an order whose stock inventory has given away is never confirmed, whatever our clock says', async () => {
  const order = await pendingOrder();
  orders.stock.release(order.id);
  await expect(confirm.execute(ana, order.id)).rejects.toMatchObject({ code: 'hold-expired' });
  expect(await typesOf(order)).toEqual(['order.placed']);
});

test('an order whose stock was made sure of in time is confirmed, though its hold would have ended since', async () => {
  const order = await pendingOrder();
  orders.stock.beforeAnswer = () => Promise.resolve(orders.clock.advance(5 * MINUTE_MS));
  expect(await confirm.execute(ana, order.id)).toMatchObject({ status: 'confirmed' });
  expect(await typesOf(order)).toEqual(['order.placed', 'order.confirmed']);
});

test('an order that expires while its stock is being made sure of stays expired', async () => {
  const order = await pendingOrder();
  orders.stock.beforeAnswer = async () => {
    orders.clock.advance(5 * MINUTE_MS);
    await orders.get(ExpireOrders).execute();
  };
  await expect(confirm.execute(ana, order.id)).rejects.toMatchObject({ code: 'hold-expired' });
  expect(await typesOf(order)).toEqual(['order.placed', 'order.expired']);
});

test('an order that is cancelled while its stock is being made sure of stays cancelled', async () => {
  const order = await pendingOrder();
  orders.stock.beforeRequest = async () => {
    await orders.get(CancelOrder).execute(ana, { orderId: order.id });
    orders.stock.release(order.id);
  };
  await expect(confirm.execute(ana, order.id)).rejects.toMatchObject({
    code: 'illegal-transition',
  });
  expect(await typesOf(order)).toEqual(['order.placed', 'order.cancelled']);
});

test('a confirmation that died half-way is finished by the next one', async () => {
  const order = await pendingOrder();
  await orders.stock.commit({ orderId: order.id });
  expect(await confirm.execute(ana, order.id)).toMatchObject({ status: 'confirmed' });
});

test('a confirmation that died half-way and is never repeated ends with the hold', async () => {
  const order = await pendingOrder();
  await orders.stock.commit({ orderId: order.id });
  orders.clock.advance(5 * MINUTE_MS);
  await orders.get(ExpireOrders).execute();
  expect(await typesOf(order)).toEqual(['order.placed', 'order.expired']);
});

test('of ten confirmations and cancellations at once every one reports what was written', async () => {
  const replica = await orders.replica();
  for (let round = 0; round < 20; round += 1) {
    const order = await pendingOrder();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => {
        const { get } =
          index < 5 ? orders : { get: replica.get.bind(replica) as typeof orders.get };
        return index % 2 === 0
          ? get(ConfirmOrder).execute(ana, order.id)
          : get(CancelOrder).execute(ana, { orderId: order.id });
      }),
    );
    // A confirmed order can still be cancelled; a cancelled one is never confirmed.
    const types = await typesOf(order);
    expect([
      ['order.placed', 'order.cancelled'],
      ['order.placed', 'order.confirmed', 'order.cancelled'],
    ]).toContainEqual(types);
    expect(await statusOf(order)).toBe('cancelled');
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'rejected') {
        expect(index % 2).toBe(0);
        expect(outcome.reason).toMatchObject({ code: 'illegal-transition' });
      } else {
        expect(outcome.value.status).toBe(index % 2 === 0 ? 'confirmed' : 'cancelled');
      }
    }
  }
});

test('nobody else can confirm or cancel an order, but staff of its mode', async () => {
  const order = await pendingOrder();
  const strangers = [
    someone(),
    someone({ userId: ana.userId, mode: 'test' }),
    someone({ mode: 'test', permissions: ['orders:admin'] }),
  ];
  for (const stranger of strangers) {
    const attempts = [
      confirm.execute(stranger, order.id),
      orders.get(CancelOrder).execute(stranger, { orderId: order.id }),
    ];
    for (const attempt of attempts) {
      await expect(attempt).rejects.toMatchObject({ code: 'not-found' });
    }
  }
  const staff = someone({ permissions: ['orders:admin'] });
  expect(await confirm.execute(staff, order.id)).toMatchObject({ status: 'confirmed' });
});

test('an order is expired once by any number of sweepers, and nothing else is touched', async () => {
  const replica = await orders.replica();
  const [due, confirmed, cancelled] = [
    await pendingOrder(),
    await pendingOrder(),
    await pendingOrder(),
  ];
  await confirm.execute(ana, confirmed.id);
  await orders.get(CancelOrder).execute(ana, { orderId: cancelled.id, reason: 'changed my mind' });
  orders.clock.advance(5 * MINUTE_MS);
  const later = await pendingOrder();
  await Promise.all(
    [orders.get(ExpireOrders), replica.get(ExpireOrders), orders.get(ExpireOrders)].map((sweeper) =>
      sweeper.execute(),
    ),
  );
  expect(await typesOf(due)).toEqual(['order.placed', 'order.expired']);
  expect(await statusOf(confirmed)).toBe('confirmed');
  expect(await statusOf(cancelled)).toBe('cancelled');
  expect(await statusOf(later)).toBe('pending');
});

test('text that PostgreSQL cannot store is no reason', async () => {
  const order = await pendingOrder();
  const cancelling = orders.get(CancelOrder).execute(ana, { orderId: order.id, reason: 'a\0b' });
  await expect(cancelling).rejects.toMatchObject({ code: 'validation-failed' });
});
