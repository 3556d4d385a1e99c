import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@flotilla/contracts/actor';
import { isAppError } from '@flotilla/contracts/errors';
import { type Id, newUuid, toId } from '@flotilla/contracts/ids';
import type { HoldStockRequest, StockHold } from '@flotilla/contracts/stock-holds';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import {
  BY,
  DecidedFates,
  demand,
  holdStockIn,
  imbalances,
  type InventoryStore,
  openStore,
  PAST,
  stocked,
} from '../../test/inventory-store.js';
import { migrations } from '../migrations.js';
import type { StockFate } from '../domain/order-fate.js';
import type { HoldStock } from './hold-stock.js';

const ACTOR: Actor = { userId: toId('usr', newUuid()), mode: 'live', permissions: [] };

let test: TestDatabase;
let store: InventoryStore;
let holdStock: HoldStock;

beforeAll(async () => {
  test = await testDatabase(migrations);
  store = await openStore(test.url);
  holdStock = holdStockIn(store);
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
function together(requests: readonly HoldStockRequest[], by = holdStock): Promise<string[]> {
  return Promise.all(
    requests.map((one) =>
      by.execute(one, ACTOR).then(
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

    // Two batches, the announcement that stock is low, and two looks for stock that a cut-short confirmation keeps.
    expect(many).toBeLessThanOrEqual(2 * alone + 4);
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

describe('the stock of a confirmation that was cut short', () => {
  /** A product that is sold out, to an order that had to be confirmed by then. */
  async function soldOut(confirmBy: Date) {
    const sku = await stocked(store, 5);
    return { sku, orderId: await cutShort(sku, 5, confirmBy) };
  }
  async function cutShort(sku: string, quantity: number, confirmBy: Date): Promise<string> {
    const sale = demand({ [sku]: quantity }, { expiresAt: new Date(Date.now() + 60_000) });
    await store.reservations.hold([sale]);
    expect(await store.reservations.commit(sale.orderId, BY)).toBe(true);
    await test
      .pool()
      .query('UPDATE reservations SET confirm_by = $2 WHERE order_id = $1', [
        sale.orderId,
        confirmBy,
      ]);
    return sale.orderId;
  }
  const askAbout = (orderId: string, fate?: StockFate) =>
    new DecidedFates(fate && { [orderId]: fate });

  it('is sold again from the end of the hold on, to as many as there are units, though nothing has swept', async () => {
    const { sku, orderId } = await soldOut(PAST);
    const fates = askAbout(orderId, 'ended');
    const wanted = Array.from({ length: 8 }, () => request(sku));

    const answers = await together(wanted, holdStockIn(store, fates));

    expect(answers.filter((one) => one !== 'insufficient-stock')).toHaveLength(5);
    expect(fates.asked).toEqual([orderId]);
    expect(await stock(sku)).toMatchObject({ reserved: 5 });
  });

  it('is sold again at the first demand, of however many orders it takes the units', async () => {
    const sku = await stocked(store, 40);
    const orderIds: string[] = [];
    while (orderIds.length < 40) {
      // Those who are confirmed after all, and only not heard of yet, are asked about first.
      const confirmBy = new Date(PAST.getTime() + orderIds.length);
      orderIds.push(await cutShort(sku, 1, confirmBy));
    }
    const fates = new DecidedFates(
      Object.fromEntries(orderIds.map((id, n) => [id, n < 15 ? 'confirmed' : 'ended'])),
    );
    const wanted = request(sku, 25);

    expect(await together([wanted], holdStockIn(store, fates))).toEqual([wanted.orderId]);

    expect(fates.asked.toSorted()).toEqual(orderIds.toSorted());
  });

  it.each([['confirmed'], ['pending'], [undefined]] as const)(
    'stays where it is when orders says: %s',
    async (fate) => {
      const { sku, orderId } = await soldOut(PAST);
      const fates = askAbout(orderId, fate);

      expect(await together([request(sku)], holdStockIn(store, fates))).toEqual([
        'insufficient-stock',
      ]);

      expect(fates.asked).toEqual([orderId]);
      expect(await store.queries.explain({ mode: 'live', sku })).toMatchObject({
        taking: [{ quantity: 5, state: 'committed' }],
      });
    },
  );

  it('is nobody’s to ask for before that end, nor once the confirmation was heard of', async () => {
    const [early, heard] = [await soldOut(new Date(Date.now() + 60_000)), await soldOut(PAST)];
    await store.reservations.settle(heard.orderId, 'confirmed', BY);
    const fates = new DecidedFates();

    for (const { sku } of [early, heard]) {
      expect(await together([request(sku)], holdStockIn(store, fates))).toEqual([
        'insufficient-stock',
      ]);
    }
    expect(fates.asked).toEqual([]);
  });
});
