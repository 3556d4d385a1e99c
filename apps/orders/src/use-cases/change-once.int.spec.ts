import type { Actor } from '@flotilla/contracts/actor';
import { toUuid } from '@flotilla/contracts/ids';
import type { OrderView } from '@flotilla/contracts/orders';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type OrdersUnderTest,
  ordersUnderTest,
  someone,
  teaOrder,
} from '../../test/orders-under-test.js';
import { OrderQueries } from '../repositories/order.queries.js';
import { CancelOrder } from './cancel-order.js';
import { ExpireOrders } from './expire-orders.js';
import { FulfillOrder } from './fulfill-order.js';
import { PlaceOrder } from './place-order.js';
import { RecordPayment } from './record-payment.js';
import { RefundOrder } from './refund-order.js';
import { ReturnItems } from './return-items.js';

const staff = someone({ permissions: ['orders:admin'] });
const ana = someone();
const EUR = (amount: number) => ({ amount, currency: 'EUR' });

let orders: OrdersUnderTest;
let keys = 0;

beforeAll(async () => {
  orders = await ordersUnderTest();
  orders.stock.stock('TEA', { name: 'Tea', price: EUR(250), available: 1_000 });
});
afterAll(() => orders.close());

/** Two units at 2.50 EUR. */
async function placed(holdMinutes?: number): Promise<OrderView> {
  const wish = teaOrder({ items: [{ sku: 'TEA', quantity: 2 }], holdMinutes });
  return (await orders.get(PlaceOrder).execute(ana, wish)).order;
}

/** A request about an order, under a key of its own unless told otherwise. */
function ask<Body>({ id }: OrderView, body: Body, idempotencyKey = `key-${(keys += 1)}`) {
  return { orderId: id, idempotencyKey, body };
}
const pay = (order: OrderView, amount: number, key?: string, actor: Actor = staff) =>
  orders
    .get(RecordPayment)
    .execute(actor, ask(order, { amount: EUR(amount), reference: 'bank' }, key));
const refund = (order: OrderView, amount: number) =>
  orders.get(RefundOrder).execute(staff, ask(order, { amount: EUR(amount), reason: 'broken' }));
const ship = (order: OrderView, quantity?: number) =>
  orders
    .get(FulfillOrder)
    .execute(staff, ask(order, { items: quantity ? [{ sku: 'TEA', quantity }] : undefined }));
const takeBack = (order: OrderView, quantity: number) =>
  orders
    .get(ReturnItems)
    .execute(staff, ask(order, { items: [{ sku: 'TEA', quantity }], restock: true }));
const now = ({ id }: OrderView) => orders.get(OrderQueries).get(ana, id);
const typesOf = async ({ id }: OrderView) =>
  (await orders.get(OrderQueries).events(ana, id)).data.map((event) => event.type);

test('an order can be paid, shipped, returned and refunded; what is read is what was answered', async () => {
  const order = await placed();
  expect((await pay(order, 200)).order).toMatchObject({ paymentStatus: 'authorized' });
  expect((await pay(order, 300)).order).toMatchObject({ paymentStatus: 'captured' });
  expect((await ship(order, 1)).order).toMatchObject({
    status: 'confirmed',
    fulfillmentStatus: 'partial',
  });
  expect((await ship(order)).order).toMatchObject({
    status: 'completed',
    fulfillmentStatus: 'fulfilled',
  });
  expect((await takeBack(order, 2)).order).toMatchObject({ fulfillmentStatus: 'returned' });
  const { order: refunded } = await refund(order, 500);
  expect(refunded).toMatchObject({ status: 'completed', paymentStatus: 'refunded', version: 7 });
  expect(await now(order)).toEqual(refunded);
});

test.each([
  ['more than the total', (order: OrderView) => pay(order, 501), 'amount-exceeded'],
  ['a refund of nothing paid', (order: OrderView) => refund(order, 1), 'amount-exceeded'],
  ['more than was ordered', (order: OrderView) => ship(order, 3), 'quantity-exceeded'],
  ['a return of nothing shipped', (order: OrderView) => takeBack(order, 1), 'quantity-exceeded'],
  ['another user', (order: OrderView) => pay(order, 1, 'k', someone()), 'not-found'],
])('%s is refused, and nothing is written', async (_, change, code) => {
  const order = await placed();
  await expect(change(order)).rejects.toMatchObject({ code });
  expect(await now(order)).toEqual(order);
  expect(await typesOf(order)).toEqual(['order.placed']);
});

test('a retry is answered as the first request was, byte for byte, whatever happened since', async () => {
  const order = await placed();
  const first = await pay(order, 100, 'once');
  await pay(order, 100, 'twice');
  const again = await pay(order, 100, 'once');
  expect(again).toEqual({ order: first.order, replayed: true });
  expect(JSON.stringify(again.order)).toBe(JSON.stringify(first.order));
  await expect(pay(order, 101, 'once')).rejects.toMatchObject({ code: 'idempotency-key-reuse' });
  expect(await typesOf(order)).toEqual(['order.placed', 'order.paid', 'order.paid']);
});

test('of many requests under one key at once one is carried out and all get its answer', async () => {
  const order = await placed();
  const answers = await Promise.all(Array.from({ length: 4 }, () => pay(order, 500, 'crowd')));
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(new Set(answers.map((answer) => JSON.stringify(answer.order))).size).toBe(1);
  expect((await typesOf(order)).length).toBe(2);
});

test('of payments at once, each possible alone, no more are taken than the total allows', async () => {
  const order = await placed();
  const outcomes = await Promise.allSettled([pay(order, 300), pay(order, 300), pay(order, 300)]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected')
      expect(outcome.reason).toMatchObject({ code: 'amount-exceeded' });
  }
  expect((await now(order)).paymentStatus).toBe('authorized');
});

test('of fifty payments at once, through two processes, every one is taken that the total allows', async () => {
  const order = await placed();
  const other = await orders.replica();
  const pays = Array.from({ length: 50 }, (_, nth) => {
    const request = ask(order, { amount: EUR(20), reference: 'bank' });
    return (nth % 2 ? orders : other).get(RecordPayment).execute(staff, request);
  });
  const refusals = (await Promise.allSettled(pays)).filter(({ status }) => status === 'rejected');
  expect(refusals).toHaveLength(25);
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ reason: { code: 'amount-exceeded' } });
  expect(await now(order)).toMatchObject({ paymentStatus: 'captured', version: 26 });
});

test('of a cancellation and a shipment at once one wins, and the other is told so', async () => {
  for (let race = 0; race < 10; race += 1) {
    const order = await placed();
    const outcomes = await Promise.allSettled([
      orders.get(CancelOrder).execute(ana, { orderId: order.id }),
      ship(order),
    ]);
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(lost).toMatchObject([{ reason: { code: 'illegal-transition' } }]);
    expect(await typesOf(order)).toHaveLength(2);
  }
});

test('a payment for an order past its end ends it and goes back, swept or not', async () => {
  const order = await placed(5);
  await pay(order, 100, 'in time');
  orders.clock.advance(5 * 60_000);
  const late = await pay(order, 200, 'late');
  expect(late.order).toMatchObject({ status: 'expired', paymentStatus: 'refunded', version: 6 });
  expect(await pay(order, 200, 'late')).toEqual({ order: late.order, replayed: true });
  expect(await typesOf(order)).toEqual([
    'order.placed',
    'order.paid',
    'order.expired',
    'order.refunded',
    'order.paid',
    'order.refunded',
  ]);
  const swept = await placed(5);
  orders.clock.advance(5 * 60_000);
  await orders.get(ExpireOrders).execute();
  expect((await pay(swept, 500)).order).toMatchObject({
    status: 'expired',
    paymentStatus: 'refunded',
  });
  expect(await now(swept)).toMatchObject({ paymentStatus: 'refunded', version: 4 });
});

test('a refund of an order past its end is answered as the order is read, swept or not', async () => {
  const order = await placed(5);
  await pay(order, 100);
  orders.clock.advance(5 * 60_000);
  const refunded = await refund(order, 40);
  expect(refunded.order).toMatchObject({ status: 'expired', paymentStatus: 'partially_refunded' });
  expect(await now(order)).toEqual(refunded.order);
});

test('the database itself refuses to refund, pay, return or ship too much', async () => {
  const { id } = await placed();
  const where = `= '${toUuid('ord', id)}'`;
  const pool = orders.database.pool();
  for (const change of ['paid_amount = 501', 'refunded_amount = 1', 'refunded_amount = -1']) {
    const update = pool.query(`UPDATE orders SET ${change} WHERE id ${where}`);
    await expect(update).rejects.toMatchObject({ code: '23514' });
  }
  for (const change of ['shipped = 3', 'returned = 1', 'returned = -1']) {
    const update = pool.query(`UPDATE order_lines SET ${change} WHERE order_id ${where}`);
    await expect(update).rejects.toMatchObject({ code: '23514' });
  }
});
