import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@flotilla/contracts/actor';
import { isAppError } from '@flotilla/contracts/errors';
import { type Id, newUuid, toId } from '@flotilla/contracts/ids';
import type { HoldStockRequest, StockHold } from '@flotilla/contracts/inventory';
import { Metrics } from '@flotilla/runtime/metrics';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { imbalances, type InventoryStore, openStore, stocked } from '../../test/inventory-store.js';
import { migrations } from '../migrations.js';
import { HoldStock } from './hold-stock.js';

const ACTOR: Actor = { userId: toId('usr', newUuid()), mode: 'live', permissions: [] };

let test: TestDatabase;
let store: InventoryStore;
let holdStock: HoldStock;

beforeAll(async () => {
  test = await testDatabase(migrations);
  store = await openStore(test.url);
  holdStock = new HoldStock(store.reservations, new Metrics('inventory'));
});
afterAll(async () => {
  await store.close();
  await test.drop();
});
afterEach(async () => {
  expect(await imbalances(test.pool())).toEqual([]);
});

function request(sku: string, quantity = 1, more: Partial<HoldStockRequest> = {}) {
  const orderId: Id<'ord'> = toId('ord', newUuid());
  const lines = [{ sku, quantity }];
  return { orderId, mode: 'live' as const, requestHash: '11'.repeat(32), lines, ...more };
}

/** What everybody is told who asks at the same time, as the id of the order held or the code of the refusal. */
function together(requests: readonly HoldStockRequest[]): Promise<string[]> {
  return Promise.all(
    requests.map((one) =>
      holdStock.execute(one, ACTOR).then(
        (hold: StockHold) => hold.orderId,
        (error: unknown) => (isAppError(error) ? error.code : 'fault'),
      ),
    ),
  );
}

const stock = (sku: string) => store.queries.stock({ mode: 'live', sku });

describe('holds that come at the same time', () => {
  it('share their transactions', async () => {
    const mug = await stocked(store, 64);
    const requests = Array.from({ length: 65 }, () => request(mug));
    let answers: string[] = [];

    const alone = await store.countStatements(() => together([request(mug)]));
    const many = await store.countStatements(async () => (answers = await together(requests)));

    // Two batches, and the announcement that stock is low.
    expect(many).toBeLessThanOrEqual(2 * alone + 2);
    // One was held before: 63 are left, for those who came first.
    expect(answers.slice(0, 63)).toEqual(requests.slice(0, 63).map(({ orderId }) => orderId));
    expect(answers.slice(63)).toEqual(['insufficient-stock', 'insufficient-stock']);
    expect(await stock(mug)).toMatchObject({ available: 0 });
  });

  it('under one order id take stock once, in one batch and across batches', async () => {
    const mug = await stocked(store, 200);
    const one = request(mug, 2);
    const other = { ...one, requestHash: '22'.repeat(32) };
    const repeated = Array.from({ length: 100 }, () => one);

    const answers = await together([...repeated, other, ...repeated]);

    expect(new Set(answers.toSpliced(100, 1))).toEqual(new Set([one.orderId]));
    expect(answers[100]).toBe('idempotency-key-reuse');
    expect(await stock(mug)).toMatchObject({ reserved: 2 });
  });

  it('do not fail with one that the database cannot take', async () => {
    const mug = await stocked(store, 10);
    const wells = Array.from({ length: 4 }, () => request(mug));
    const poisoned = request(mug, 1, { requestHash: 'not hex' });

    const answers = await together([wells[0]!, wells[1]!, poisoned, wells[2]!, wells[3]!]);

    expect(answers.toSpliced(2, 1)).toEqual(wells.map(({ orderId }) => orderId));
    expect(answers[2]).toBe('fault');
    expect(await stock(mug)).toMatchObject({ reserved: 4 });
  });

  it('are all answered before the service stops', async () => {
    const mug = await stocked(store, 100);
    const answers = together(Array.from({ length: 100 }, () => request(mug)));

    await holdStock.beforeApplicationShutdown();

    expect(await stock(mug)).toMatchObject({ reserved: 100 });
    await answers;
  });
});
