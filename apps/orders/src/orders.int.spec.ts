import type { Actor } from '@flotilla/contracts/actor';
import { ORDERS_EVENTS } from '@flotilla/contracts/events';
import { newUuid, toId } from '@flotilla/contracts/ids';
import * as operations from '@flotilla/contracts/orders';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { JetStream } from '@flotilla/messaging/jetstream';
import { NatsLink } from '@flotilla/messaging/nats-link';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { createLogger } from '@flotilla/runtime/logger';
import { RuntimeModule } from '@flotilla/runtime/runtime.module';
import { eventually } from '@flotilla/testing/eventually';
import { type TestNats, testNats } from '@flotilla/testing/nats';
import { type TestDatabase, testDatabase } from '@flotilla/testing/postgres';
import { testService } from '@flotilla/testing/service';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { someone, startStock, teaOrder } from '../test/orders-under-test.js';
import type { StockStandIn } from '../test/stock-stand-in.js';
import { bootstrap } from './bootstrap.js';
import { migrations } from './migrations.js';

let database: TestDatabase;
let nats: TestNats;
let stock: StockStandIn;
let services: RunningService[];
let caller: TestingModule;
let ana: Actor;

beforeAll(async () => {
  [database, nats] = await Promise.all([testDatabase(migrations), testNats()]);
  const inventory = await startStock(nats.url);
  stock = inventory.stock;
  services = [inventory.service, await testService(bootstrap, { database, nats })];
  caller = await Test.createTestingModule({
    imports: [
      RuntimeModule.forRoot('caller', createLogger('caller', 'silent')),
      MessagingModule.forRoot({ service: 'caller', natsUrl: nats.url }),
    ],
  }).compile();
  await caller.init();
  await caller.get(NatsLink).connection();
});
afterAll(async () => {
  await caller.close();
  for (const service of services) await service.close();
  await Promise.all([database.drop(), nats.stop()]);
});
beforeEach(() => {
  ana = someone();
  stock.stock('TEA', { name: 'Tea', price: { amount: 250, currency: 'EUR' }, available: 100 });
});

/** Asks the service as the gateway does. */
const call: RpcClient['call'] = (operation, request, options) =>
  caller.get(RpcClient).call(operation, request, { actor: ana, ...options });

test('an order can be placed, read, listed, confirmed and cancelled over NATS', async () => {
  const wish = teaOrder({ holdMinutes: 5, metadata: { gift: { wrap: true } } });
  const { order, replayed } = await call(operations.PlaceOrder, wish);
  expect(replayed).toBe(false);
  expect(await call(operations.PlaceOrder, wish)).toEqual({ order, replayed: true });
  const { id: orderId } = order;
  expect(await call(operations.GetOrder, { orderId })).toEqual(order);
  const list = { data: [order], nextCursor: null, cursors: [expect.any(String)] };
  expect(await call(operations.ListOrders, {})).toEqual(list);
  const { userId } = ana;
  expect(await call(operations.FindOrders, { orderIds: [orderId, 'ord_x'] })).toEqual({
    data: [{ userId, order }],
  });
  expect(await call(operations.ListUserOrders, { lists: [{ userId }] })).toEqual({ data: [list] });
  expect(await call(operations.ConfirmOrder, { orderId })).toMatchObject({ status: 'confirmed' });
  expect(await call(operations.CancelOrder, { orderId })).toMatchObject({ status: 'cancelled' });
  expect((await call(operations.GetOrderEvents, { orderId })).data).toHaveLength(3);
});

test('an order needs a caller, and a body without unknown fields', async () => {
  const rpc = caller.get(RpcClient);
  await expect(rpc.call(operations.PlaceOrder, teaOrder())).rejects.toMatchObject({
    code: 'unauthenticated',
  });
  const priced = { items: [{ sku: 'TEA', quantity: 1, price: 1 }] };
  await expect(
    rpc.call(operations.PlaceOrder, teaOrder(priced), { actor: ana }),
  ).rejects.toMatchObject({
    code: 'validation-failed',
    details: { errors: [{ pointer: '/order/items/0/price' }] },
  });
});

test('every event of an order is published, in order, under its public id', async () => {
  const { order } = await call(operations.PlaceOrder, teaOrder());
  await call(operations.CancelOrder, { orderId: order.id, reason: 'changed my mind' });
  const manager = await caller.get(JetStream).manager();
  const published = await eventually(async () => {
    const { state } = await manager.streams.info(ORDERS_EVENTS.stream);
    const events = [];
    for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
      const message = await manager.streams.getMessage(ORDERS_EVENTS.stream, { seq });
      const event = message!.json<{ subject: string; type: string; version: number }>();
      if (event.subject === order.id) events.push(event);
    }
    expect(events).toHaveLength(2);
    return events;
  });
  expect(published).toMatchObject([
    { type: 'order.placed', version: 1, actor: { userId: ana.userId, mode: 'live' } },
    { type: 'order.cancelled', version: 2, data: { reason: 'changed my mind' } },
  ]);
});

test('inventory may ask what became of an id, on nobody’s behalf', async () => {
  const rpc = caller.get(RpcClient);
  const orderId = toId('ord', newUuid());
  expect(await rpc.call(operations.ResolveOrder, { orderId })).toEqual({ fate: 'voided' });
  const { order } = await call(operations.PlaceOrder, teaOrder());
  expect(await rpc.call(operations.ResolveOrder, { orderId: order.id })).toEqual({
    fate: 'placed',
    status: 'confirmed',
  });
});

test('the end of a hold is written down without anybody asking', async () => {
  // The shortest hold a customer may ask for is a minute; one that was taken earlier has less left.
  stock.beforeAnswer = () => {
    for (const hold of stock.holds.values()) {
      hold.expiresAt &&= new Date(Date.now() + 2_000).toISOString();
    }
    return Promise.resolve();
  };
  const { order } = await call(operations.PlaceOrder, teaOrder({ holdMinutes: 1 }));
  expect(order.status).toBe('pending');
  await eventually(async () => {
    const { data } = await call(operations.GetOrderEvents, { orderId: order.id });
    expect(data[1]).toMatchObject({
      type: 'order.expired',
      version: 2,
      actor: { system: 'orders' },
    });
  });
  expect(await call(operations.GetOrder, { orderId: order.id })).toMatchObject({
    status: 'expired',
    version: 2,
  });
});
