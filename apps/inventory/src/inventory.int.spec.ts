import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@flotilla/contracts/actor';
import { type Id, newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import { GetStock, ListMovements } from '@flotilla/contracts/inventory';
import { ImportProducts } from '@flotilla/contracts/catalogue-import';
import { CommitHold, HoldStock } from '@flotilla/contracts/stock-holds';
import { ListProducts } from '@flotilla/contracts/products';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { eventually } from '@flotilla/testing/eventually';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { testService } from '@flotilla/testing/service';
import {
  BY,
  demand,
  imbalances,
  type InventoryStore,
  openStore,
  rowOf,
} from '../test/inventory-store.js';
import { type OrdersStandIn, startOrders } from '../test/orders-stand-in.js';
import { bootstrap } from './bootstrap.js';
import { migrations } from './migrations.js';

const ACTOR: Actor = {
  userId: toId('usr', newUuid()),
  mode: 'live',
  permissions: ['inventory:write'],
};

let database: TestDatabase;
let nats: TestNats;
let orders: OrdersStandIn;
let inventory: RunningService;
/** Another process of inventory, as far as the database can tell. */
let store: InventoryStore;
let skus = 0;

beforeAll(async () => {
  [database, nats] = await Promise.all([testDatabase(migrations), testNats()]);
  inventory = await testService(bootstrap, { database, nats });
  orders = await startOrders(nats.url);
  store = await openStore(database.url);
});
afterAll(async () => {
  await store.close();
  await orders.close();
  await inventory.close();
  await nats.stop();
  await database.drop();
});
afterEach(async () => {
  expect(await imbalances(database.pool())).toEqual([]);
});

/** Five units of a new product. */
async function stocked(): Promise<string> {
  const sku = `SKU-${(skus += 1)}`;
  const row = { line: 2, sku, name: sku, price: { amount: 100, currency: 'EUR' }, onHand: 5 };
  await orders.rpc.call(ImportProducts, { mode: 'live', rows: [row] }, { actor: ACTOR });
  return sku;
}

/** Two of five units, held for a new order. */
async function held(expiresAt?: string): Promise<{ sku: string; orderId: Id<'ord'> }> {
  const sku = await stocked();
  const orderId = toId('ord', newUuid());
  await orders.rpc.call(
    HoldStock,
    {
      orderId,
      mode: 'live',
      requestHash: 'ab'.repeat(32),
      lines: [{ sku, quantity: 2 }],
      expiresAt,
    },
    { actor: ACTOR },
  );
  return { sku, orderId };
}

const stock = (sku: string) => orders.rpc.call(GetStock, { mode: 'live', sku });
const movements = async (sku: string): Promise<string[]> => {
  const { data } = await orders.rpc.call(ListMovements, { mode: 'live', sku });
  return data.map(({ type }) => type);
};
const becomes = (sku: string, ...types: string[]) =>
  eventually(async () => expect(await movements(sku)).toEqual([...types, 'reserve', 'receipt']));

describe('over NATS', () => {
  it('stock is imported, held, committed and read', async () => {
    const { sku, orderId } = await held(new Date(Date.now() + 60_000).toISOString());

    expect(await orders.rpc.call(CommitHold, { orderId }, { actor: ACTOR })).toEqual({
      orderId,
      state: 'committed',
    });

    expect(await stock(sku)).toEqual({ sku, onHand: 5, reserved: 2, available: 3, version: 2 });
    const { data } = await orders.rpc.call(ListProducts, { mode: 'live', search: sku });
    expect(data).toMatchObject([{ sku, available: 3 }]);
  });

  it('a commit of what is not held is refused as expired', async () => {
    const orderId = toId('ord', newUuid());
    await expect(orders.rpc.call(CommitHold, { orderId }, { actor: ACTOR })).rejects.toMatchObject({
      code: 'hold-expired',
    });
  });

  it('a refusal arrives with the lines that are short', async () => {
    const sku = await stocked();
    const request = {
      orderId: toId('ord', newUuid()),
      mode: 'live' as const,
      requestHash: 'ab'.repeat(32),
      lines: [{ sku, quantity: 6 }],
    };
    await expect(orders.rpc.call(HoldStock, request, { actor: ACTOR })).rejects.toMatchObject({
      code: 'insufficient-stock',
      details: { lines: [{ sku, requested: 6, available: 5 }] },
    });
  });

  it('nobody holds stock without saying who asked', async () => {
    const request = {
      orderId: toId('ord', newUuid()),
      mode: 'live' as const,
      requestHash: 'ab'.repeat(32),
      lines: [{ sku: 'ANY', quantity: 1 }],
    };
    await expect(orders.rpc.call(HoldStock, request)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  it('an adjusted stock is announced to whoever listens', async () => {
    const sku = await stocked();

    await eventually(async () => {
      const event = await orders.announced('stock.adjusted');
      expect(event).toMatchObject({ type: 'stock.adjusted', subject: sku, version: 1 });
      expect(event.data).toEqual({ sku, onHand: 5, delta: 5, reason: 'import' });
      expect(event.actor).toEqual({ userId: ACTOR.userId, mode: 'live' });
    });
  });
});

describe('an event of an order', () => {
  it('commits the hold of a confirmed order, once, however often it is delivered', async () => {
    const { sku, orderId } = await held();

    const placed = await orders.publish(orderId, 1, 'order.placed', { status: 'confirmed' });
    await becomes(sku, 'commit');
    await orders.repeat(placed);
    await orders.publish(orderId, 2, 'order.cancelled', { reason: null });

    await becomes(sku, 'release', 'commit');
  });

  it('ships what was sold and takes it back, once, however often it is delivered', async () => {
    const { sku, orderId } = await held();
    const items = [{ sku, quantity: 2 }];

    await orders.publish(orderId, 1, 'order.placed', { status: 'confirmed' });
    const fulfilled = await orders.publish(orderId, 2, 'order.fulfilled', { items });
    await becomes(sku, 'ship', 'commit');
    await orders.repeat(fulfilled);
    await orders.publish(orderId, 3, 'order.returned', { items, restock: true });

    await becomes(sku, 'return', 'ship', 'commit');
    expect(await stock(sku)).toMatchObject({ onHand: 5, reserved: 0, available: 5 });
  });

  it('that inventory has not heard of is passed over, and the next one counts', async () => {
    const { sku, orderId } = await held();

    await orders.publish(orderId, 1, 'order.placed', { status: 'pending' });
    await orders.publish(orderId, 2, 'order.unheard-of', {});
    await orders.publish(orderId, 3, 'order.expired', {});

    await becomes(sku, 'release');
  });

  it('without a reservation is loud, and holds up nothing', async () => {
    const lost = toId('ord', newUuid());
    const { sku, orderId } = await held();

    await orders.publish(lost, 1, 'order.placed', { status: 'confirmed' });
    await orders.publish(orderId, 1, 'order.placed', { status: 'confirmed' });

    await becomes(sku, 'commit');
    await eventually(async () => expect(await reported('confirmed', 'missing')).toBe(1));
  });

  it('that was overtaken by a newer answer of orders raises no alarm; one of a voided order does', async () => {
    const [cancelled, voided] = [await held(), await held()];
    await store.reservations.settle(toUuid('ord', cancelled.orderId), 'ended', BY);
    await store.reservations.settle(toUuid('ord', voided.orderId), 'voided', BY);

    await orders.publish(cancelled.orderId, 1, 'order.placed', { status: 'confirmed' });
    await orders.publish(voided.orderId, 1, 'order.placed', { status: 'confirmed' });

    await eventually(async () => expect(await reported('confirmed', 'released')).toBe(1));
    await eventually(() => heardOf(cancelled.orderId));
    expect(await reported('confirmed', 'released')).toBe(1);
    expect(await reported('confirmed', 'ended')).toBe(0);
  });
});

async function heardOf(orderId: Id<'ord'>): Promise<boolean> {
  const { rowCount } = await database
    .pool()
    .query('SELECT 1 FROM inbox WHERE stream_id = $1', [toUuid('ord', orderId)]);
  return rowCount === 1;
}

/** How many orders without stock of theirs this process has reported. */
async function reported(fate: string, reservation: string): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${inventory.port}/metrics`)).text();
  const name = `inventory_orders_without_stock_total{fate="${fate}",reservation="${reservation}"`;
  const line = metrics.split('\n').find((candidate) => candidate.startsWith(name));
  return Number(line?.split(' ').at(-1) ?? 0);
}

describe('the sweeper', () => {
  let sweeper: RunningService;

  beforeAll(async () => {
    const env = { SWEEP_INTERVAL_MS: '20', HOLD_GRACE_MS: '1' };
    sweeper = await testService(bootstrap, { database, nats, env });
  });
  afterAll(() => sweeper.close());

  it('releases a hold that orders has voided', async () => {
    const { sku, orderId } = await held();
    orders.fates.set(orderId, { fate: 'voided' });

    await becomes(sku, 'release');
  });

  it('commits a hold whose order was placed, though the event never came', async () => {
    const { sku, orderId } = await held();
    orders.fates.set(orderId, { fate: 'placed', status: 'confirmed' });

    await becomes(sku, 'commit');
  });

  it('releases a pending hold when its time is up', async () => {
    const { sku, orderId } = await held(new Date(Date.now() + 2_000).toISOString());
    orders.fates.set(orderId, { fate: 'placed', status: 'pending' });

    await becomes(sku, 'release');
  });

  it('goes past any number of holds that orders does not say anything of', async () => {
    const { sku } = await held();
    const stuck = Array.from({ length: 120 }, () => demand({ [sku]: 1 }));
    await store.catalogue.import('live', [rowOf(sku, 200)], BY);
    await store.reservations.hold(stuck);
    const { sku: decided, orderId } = await held();
    orders.fates.set(orderId, { fate: 'voided' });

    await becomes(decided, 'release');
    for (const hold of stuck) await store.reservations.settle(hold.orderId, 'voided', BY);
  });

  it('leaves a hold alone as long as orders does not say', async () => {
    const { sku, orderId } = await held();
    const times = () => orders.asked.filter((id) => id === orderId).length;

    await eventually(() => times() >= 3);

    expect(await stock(sku)).toMatchObject({ reserved: 2 });
  });
});
