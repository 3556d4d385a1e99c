import type { Actor } from '@flotilla/contracts/actor';
import { newUuid, toId } from '@flotilla/contracts/ids';
import type { ListOrdersRequest, OrderView } from '@flotilla/contracts/orders';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  type OrdersUnderTest,
  ordersUnderTest,
  someone,
  teaOrder,
} from '../../test/orders-under-test.js';
import { CancelOrder } from '../use-cases/cancel-order.js';
import { ExpireOrders } from '../use-cases/expire-orders.js';
import { PlaceOrder } from '../use-cases/place-order.js';
import { OrderQueries } from './order.queries.js';

let orders: OrdersUnderTest;
let queries: OrderQueries;
let ana: Actor;

beforeAll(async () => {
  orders = await ordersUnderTest();
  orders.stock.stock('TEA', {
    name: 'Tea',
    price: { amount: 250, currency: 'EUR' },
    available: 1_000,
  });
  queries = orders.get(OrderQueries);
});
afterAll(() => orders.close());
beforeEach(() => {
  ana = someone();
});

async function placed(actor: Actor, holdMinutes?: number): Promise<OrderView> {
  return (await orders.get(PlaceOrder).execute(actor, teaOrder({ holdMinutes }))).order;
}

/** Every id of a list, page by page; `between` happens after the first page. */
async function allIds(
  request: ListOrdersRequest,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<string[]> {
  const ids: string[] = [];
  let page = await queries.list(ana, request);
  await between();
  for (;;) {
    ids.push(...page.data.map((order) => order.id));
    if (page.nextCursor === null) return ids;
    page = await queries.list(ana, { ...request, cursor: page.nextCursor });
  }
}

test('a list is newest first and complete over any number of pages, many orders a moment or one', async () => {
  const ids: string[] = [];
  for (let moment = 0; moment < 3; moment += 1) {
    orders.clock.advance(1);
    const now = await Promise.all([placed(ana), placed(ana), placed(ana)]);
    ids.unshift(
      ...now
        .map((order) => order.id)
        .sort()
        .reverse(),
    );
  }
  expect(await allIds({ limit: 2 })).toEqual(ids);
  expect(await allIds({})).toEqual(ids);
  expect((await queries.list(ana, { limit: 9 })).nextCursor).toBeNull();
});

test('orders that are placed while somebody turns pages neither repeat nor hide any', async () => {
  const before = [await placed(ana), await placed(ana), await placed(ana)].map(({ id }) => id);
  const seen = await allIds({ limit: 1 }, async () => {
    orders.clock.advance(1);
    await placed(ana);
  });
  expect(seen.toSorted()).toEqual(before.toSorted());
});

test('a status is the one shown: an order past its end is expired before anything wrote so', async () => {
  const [confirmed, waiting, late, cancelled] = [
    await placed(ana),
    await placed(ana, 10),
    await placed(ana, 1),
    await placed(ana, 1),
  ];
  await orders.get(CancelOrder).execute(ana, { orderId: cancelled.id });
  orders.clock.advance(60_000);
  const shown = async () => ({
    confirmed: await allIds({ status: 'confirmed' }),
    pending: await allIds({ status: 'pending' }),
    expired: await allIds({ status: 'expired' }),
    cancelled: await allIds({ status: 'cancelled' }),
    completed: await allIds({ status: 'completed' }),
  });
  const expected = {
    confirmed: [confirmed.id],
    pending: [waiting.id],
    expired: [late.id],
    cancelled: [cancelled.id],
    completed: [],
  };
  expect(await shown()).toEqual(expected);
  expect((await queries.get(ana, late.id)).status).toBe('expired');
  expect((await queries.list(ana, { status: 'expired' })).data[0]!.status).toBe('expired');
  await orders.get(ExpireOrders).execute();
  expect(await shown()).toEqual(expected);
});

test('a customer sees no order of another user or mode; staff see those of their mode', async () => {
  const order = await placed(ana);
  const strangers = [
    someone(),
    someone({ userId: ana.userId, mode: 'test' }),
    someone({ mode: 'test', permissions: ['orders:admin'] }),
  ];
  for (const stranger of strangers) {
    const missing = { code: 'not-found', message: 'There is no such order.' };
    await expect(queries.get(stranger, order.id)).rejects.toMatchObject(missing);
    await expect(queries.events(stranger, order.id)).rejects.toMatchObject(missing);
    expect((await queries.list(stranger, {})).data).toEqual([]);
  }
  const staff = someone({ permissions: ['orders:admin'] });
  expect(await queries.get(staff, order.id)).toEqual(order);
  expect((await queries.events(staff, order.id)).data).toHaveLength(1);
  expect((await queries.list(staff, {})).data).toContainEqual(order);
});

test.each(['ord_nonsense', '', toId('usr', newUuid()), toId('ord', newUuid())])(
  'an id that is malformed or unknown finds nothing: %j',
  async (id) => {
    const orderId = id as OrderView['id'];
    await expect(queries.get(ana, orderId)).rejects.toMatchObject({ code: 'not-found' });
    await expect(queries.events(ana, orderId)).rejects.toMatchObject({ code: 'not-found' });
  },
);

test('a cursor that is not ours is refused', async () => {
  await placed(ana);
  await placed(ana);
  const { nextCursor } = await queries.list(ana, { limit: 1 });
  const forged = Buffer.from(`["99999-01-01","${newUuid()}"]`).toString('base64url');
  for (const cursor of ['x', `${nextCursor!}=`, nextCursor!.slice(0, -2), forged]) {
    await expect(queries.list(ana, { cursor })).rejects.toMatchObject({
      code: 'validation-failed',
      details: { errors: [{ pointer: '/cursor' }] },
    });
  }
});

test('the history counts from one without a gap, says who did it, and keeps what is internal to itself', async () => {
  const keyed: Actor = { ...ana, keyId: toId('key', newUuid()) };
  const order = await placed(keyed, 5);
  await orders.get(CancelOrder).execute(ana, { orderId: order.id, reason: 'changed my mind' });
  const { data } = await queries.events(ana, order.id);
  expect(data).toMatchObject([
    {
      id: expect.stringMatching(/^evt_/),
      type: 'order.placed',
      version: 1,
      occurredAt: order.createdAt,
      actor: { userId: ana.userId, keyId: keyed.keyId, mode: 'live' },
      data: { number: order.number, items: order.items, total: order.total },
    },
    {
      type: 'order.cancelled',
      version: 2,
      actor: { userId: ana.userId, mode: 'live' },
      data: { reason: 'changed my mind' },
    },
  ]);
  expect(JSON.stringify(data)).not.toMatch(/requestHash|permissions/);
});

test('many lists at once are each what they are alone, and each cursor leads on from its order', async () => {
  const bo = someone();
  for (const [actor, holdMinutes] of [[ana], [bo], [ana, 1], [ana]] as [Actor, number?][]) {
    orders.clock.advance(1);
    await placed(actor, holdMinutes);
  }
  const staff = someone({ permissions: ['orders:admin'] });
  const alone = await queries.list(ana, {});
  const first = await queries.list(ana, { limit: 1 });
  const [all, one, rest, pending, none, his] = await queries.listOfUsers(staff, [
    { userId: ana.userId },
    { userId: ana.userId, limit: 1 },
    { userId: ana.userId, cursor: first.cursors[0]! },
    { userId: ana.userId, status: 'pending' },
    { userId: 'usr_x' },
    { userId: bo.userId },
  ]);
  expect(all).toEqual(alone);
  expect(one).toEqual(first);
  expect(rest!.data).toEqual(alone.data.slice(1));
  expect(pending!.data).toEqual([alone.data[1]]);
  expect(none).toEqual({ data: [], nextCursor: null, cursors: [] });
  expect(his!.data).toEqual((await queries.list(bo, {})).data);
  orders.clock.advance(60_001);
  const [late] = await queries.listOfUsers(ana, [{ userId: ana.userId, status: 'expired' }]);
  expect(late!.data).toMatchObject([{ id: alone.data[1]!.id, status: 'expired' }]);
});

test('many orders at once are those that one may see, and whose they are', async () => {
  const bo = someone();
  const [hers, his] = [await placed(ana), await placed(bo)];
  const orderIds = [hers.id, his.id, 'ord_x', toId('ord', newUuid())];
  const found = async (actor: Actor) =>
    (await queries.findMany(actor, orderIds)).map(({ userId, order }) => [userId, order.id]);
  expect(await found(ana)).toEqual([[ana.userId, hers.id]]);
  const staff = await found(someone({ permissions: ['orders:admin'] }));
  expect(staff.toSorted()).toEqual(
    [
      [ana.userId, hers.id],
      [bo.userId, his.id],
    ].toSorted(),
  );
  expect(await found({ ...ana, mode: 'test' })).toEqual([]);
  expect(await queries.listOfUsers(bo, [{ userId: ana.userId }])).toMatchObject([{ data: [] }]);
});
