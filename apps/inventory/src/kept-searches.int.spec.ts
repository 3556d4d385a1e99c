import type { Actor } from '@flotilla/contracts/actor';
import { ImportProducts } from '@flotilla/contracts/catalogue-import';
import { newUuid, toId } from '@flotilla/contracts/ids';
import type { Operation } from '@flotilla/contracts/operation';
import {
  ArchiveProduct,
  ChangeProduct,
  CreateProduct,
  ListProducts,
  type ProductView,
} from '@flotilla/contracts/products';
import { HoldStock } from '@flotilla/contracts/stock-holds';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { eventually } from '@flotilla/testing/eventually';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { testRedis, type TestRedis } from '@flotilla/testing/redis';
import { testService } from '@flotilla/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowOf } from '../test/inventory-store.js';
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
let redis: TestRedis;
let orders: OrdersStandIn;
/** NATS gives each request to either. */
let replicas: RunningService[];

beforeAll(async () => {
  [database, nats, redis] = await Promise.all([testDatabase(migrations), testNats(), testRedis()]);
  // Longer than any test: only a change can end what is kept.
  const env = { REDIS_URL: redis.url, REDIS_SILENCE_MS: '5000', CACHE_MS: '3600000' };
  replicas = await Promise.all([1, 2].map(() => testService(bootstrap, { database, nats, env })));
  orders = await startOrders(nats.url);
});
afterAll(async () => {
  await orders.close();
  await Promise.all(replicas.map((replica) => replica.close()));
  await Promise.all([nats.stop(), redis.stop()]);
  await database.drop();
});

const price = { amount: 100, currency: 'EUR' };

/** An answer; a machine that has ten times as much to do may need more than one attempt. All of these may be repeated. */
const ask = <Request extends object, Response>(
  operation: Operation<Request, Response>,
  request: Request,
): Promise<Exclude<Response, false>> =>
  eventually(() => orders.rpc.call(operation, request, { actor: ACTOR, timeoutMs: 10_000 }));

async function found(search: string, mode: 'live' | 'test' = 'live'): Promise<ProductView[]> {
  return (await ask(ListProducts, { mode, search })).data;
}
/** What the search finds, asked for so often that it is of either replica, most likely. */
async function everywhere(search: string): Promise<string[]> {
  const answers = await Promise.all(Array.from({ length: 8 }, () => found(search)));
  const texts = new Set(
    answers.map((data) => data.map(({ sku, name }) => `${sku} ${name}`).join()),
  );
  return [...texts];
}
const create = (sku: string, name: string) => {
  const product = { sku, name, price, initialStock: 5 };
  return ask(CreateProduct, { idempotencyKey: newUuid(), product });
};
/** How often PostgreSQL has searched since the last time this was asked. */
async function searches(): Promise<number> {
  const metrics = await Promise.all(
    replicas.map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
  );
  const loads = /^cache_loads_total\{.*product-search.*\} (\d+)$/gm;
  return metrics
    .flatMap((text) => [...text.matchAll(loads)])
    .reduce((sum, [, n]) => sum + Number(n), 0);
}

describe('a search', () => {
  it('is made once while the catalogue stays what it is', async () => {
    await create('Kept-1', 'A quick brown fox');
    await eventually(async () => {
      const before = await searches();
      expect(await everywhere('quick fox')).toEqual(['Kept-1 A quick brown fox']);
      return (await searches()) === before;
    });
  });

  it('finds what was added, described anew and archived, from whichever replica, once that is answered', async () => {
    await everywhere('teapot');
    for (let round = 1; round <= 5; round += 1) {
      const [sku, name] = [`Pot-${round}`, `Teapot ${round}`];
      await create(sku, name);
      expect((await everywhere('teapot')).every((skus) => skus.startsWith(`${sku} `))).toBe(true);

      await ask(ChangeProduct, { sku, changes: { name: `Kettle ${round}` } });
      expect((await everywhere('teapot')).join()).not.toContain(sku);
      expect((await everywhere('kettle')).join()).toContain(`${sku} Kettle ${round}`);

      await ask(ArchiveProduct, { sku });
      expect((await everywhere('kettle')).join()).not.toContain(sku);

      const rows = [rowOf(sku, 5, { name })];
      await ask(ImportProducts, { mode: 'live', rows });
      await ask(ChangeProduct, { sku, changes: { status: 'active' } });
      expect((await everywhere('teapot')).join()).toContain(sku);
    }
  });

  it('shows stock, names and prices as they are, however long it is kept', async () => {
    await create('Lamp-1', 'Reading lamp');
    await everywhere('reading lamp');
    const request = { orderId: toId('ord', newUuid()), mode: 'live', requestHash: 'ab'.repeat(32) };
    await ask(HoldStock, { ...request, mode: 'live', lines: [{ sku: 'Lamp-1', quantity: 2 }] });
    // Past everything that tells of it.
    await database
      .pool()
      .query(
        `UPDATE products SET name = 'Tall reading lamp', price_amount = 7 WHERE sku = 'Lamp-1'`,
      );

    expect(await found('reading lamp')).toMatchObject([
      { name: 'Tall reading lamp', available: 3, price: { amount: 7 } },
    ]);
  });

  it('of one mode finds nothing of the other', async () => {
    await create('Mode-1', 'Zither');

    expect(await found('zither')).toHaveLength(1);
    expect(await found('zither', 'test')).toEqual([]);
    expect(await found('zither')).toHaveLength(1);
  });

  it('is right when Redis is gone', async () => {
    await everywhere('gong');
    await redis.kill();
    try {
      await create('Gong-1', 'Gong');
      expect((await everywhere('gong')).join()).toContain('Gong-1');
    } finally {
      await redis.restart();
    }
    await create('Gong-2', 'Gong');
    await eventually(async () => expect((await everywhere('gong')).join()).toContain('Gong-2'));
  });
});
