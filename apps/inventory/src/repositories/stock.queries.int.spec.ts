import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toId } from '@flotilla/contracts/ids';
import type { ListProductsRequest } from '@flotilla/contracts/products';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import {
  BY,
  PAST,
  demand,
  type InventoryStore,
  openStore,
  rowOf,
  stocked,
} from '../../test/inventory-store.js';
import { migrations } from '../migrations.js';

let test: TestDatabase;
let store: InventoryStore;

beforeAll(async () => {
  test = await testDatabase(migrations);
  store = await openStore(test.url);
});
afterAll(async () => {
  await store.close();
  await test.drop();
});

const load = (...rows: Parameters<typeof rowOf>[]) =>
  store.catalogue.import(
    'live',
    rows.map((row) => rowOf(...row)),
    BY,
  );

/** The SKUs of all pages, one page after the other. */
async function walk(
  request: Partial<ListProductsRequest>,
  between = async () => {},
): Promise<string[]> {
  const skus: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await store.queries.products({ mode: 'live', limit: 2, ...request, cursor });
    skus.push(...page.data.map(({ sku }) => sku));
    if (page.nextCursor === null) return skus;
    cursor = page.nextCursor;
    await between();
  }
}

describe('the list of products', () => {
  it('goes through all of them once, newest first, while others are added', async () => {
    for (let index = 1; index <= 5; index++) await load([`Walk-${index}`, 1]);
    let added = 0;

    const skus = await walk({ search: 'walk-' }, () =>
      load([`Walk-late-${(added += 1)}`, 1]).then(),
    );

    expect(skus).toEqual(['Walk-5', 'Walk-4', 'Walk-3', 'Walk-2', 'Walk-1']);
    expect(added).toBeGreaterThan(0);
  });

  it('goes through products once that were made at the same moment', async () => {
    await load(
      ...Array.from({ length: 7 }, (_, index) => [`Batch-${index}`, 1] as [string, number]),
    );

    const skus = await walk({ search: 'BATCH-', limit: 3 });

    expect(skus).toHaveLength(7);
    expect(new Set(skus).size).toBe(7);
  });

  it('finds text in SKUs and names, in which no character is a wildcard', async () => {
    await load(['Wild-1', 1, { name: '100% cotton' }], ['Wild-2', 1, { name: '100x cotton' }]);
    await load(['Wild_3', 1, { name: 'back\\slash' }]);

    expect(await walk({ search: '0% C' })).toEqual(['Wild-1']);
    expect(await walk({ search: 'd_' })).toEqual(['Wild_3']);
    expect(await walk({ search: 'k\\s' })).toEqual(['Wild_3']);
  });

  it('finds all words of a search in any order, also in the description', async () => {
    await load(['Words-1', 1, { name: 'Enamel mug, blue' }], ['Words-2', 1, { name: 'Blue pot' }]);
    await test
      .pool()
      .query("UPDATE products SET description = 'for the campfire' WHERE sku = 'Words-1'");

    expect(await walk({ search: 'blue enamel' })).toEqual(['Words-1']);
    expect(await walk({ search: 'Campfire MUG' })).toEqual(['Words-1']);
    expect(await walk({ search: 'blue -pot' })).toEqual(['Words-1']);
  });

  it('finds something similar when nothing is what was typed, and only then', async () => {
    await load(['Typo-1', 1, { name: 'Thermometer' }], ['Typo-2', 1, { name: 'Thermometre' }]);

    expect(await walk({ search: 'thermometer' })).toEqual(['Typo-1']);
    expect(new Set(await walk({ search: 'termometer' }))).toContain('Typo-1');
    expect(await walk({ search: 'xylophone' })).toEqual([]);
  });

  it('leaves archived products out, which are still found by their SKU', async () => {
    await load(['Gone-1', 1]);
    await test.pool().query("UPDATE products SET status = 'archived' WHERE sku = 'Gone-1'");

    expect(await walk({ search: 'gone-1' })).toEqual([]);
    expect(await store.queries.product({ mode: 'live', sku: 'Gone-1' })).toMatchObject({
      status: 'archived',
    });
  });

  it('refuses a cursor it did not make', async () => {
    await expect(store.queries.products({ mode: 'live', cursor: 'x' })).rejects.toMatchObject({
      code: 'validation-failed',
      details: { errors: [{ pointer: '/cursor' }] },
    });
  });
});

describe('the ledger of a product', () => {
  it('is read page by page, newest first, without a movement twice or missing', async () => {
    const sku = await stocked(store, 50);
    for (let index = 0; index < 4; index++) await store.reservations.hold([demand({ [sku]: 1 })]);

    const first = await store.queries.movements({ mode: 'live', sku, limit: 3 });
    await store.reservations.hold([demand({ [sku]: 1 })]);
    const second = await store.queries.movements({
      mode: 'live',
      sku,
      limit: 3,
      cursor: first.nextCursor!,
    });

    expect(first.data.map(({ type }) => type)).toEqual(['reserve', 'reserve', 'reserve']);
    expect(second.data.map(({ type }) => type)).toEqual(['reserve', 'receipt']);
    expect(second.nextCursor).toBeNull();
    expect(first.data[0]).toMatchObject({
      id: expect.stringMatching(/^mov_/),
      orderId: expect.stringMatching(/^ord_/),
      onHandDelta: 0,
      reservedDelta: 1,
      actor: BY,
    });
  });
});

describe('the explanation of what is reserved', () => {
  it('names each order that takes units, and they sum to what is reserved', async () => {
    const sku = await stocked(store, 50);
    const expiresAt = new Date(Date.now() + 60_000);
    const [held, sold] = [demand({ [sku]: 2 }, { expiresAt }), demand({ [sku]: 3 })];
    const over = demand({ [sku]: 7 }, { expiresAt: PAST });
    const ended = demand({ [sku]: 4 });
    await store.reservations.hold([held, sold, over, ended]);
    await store.reservations.settle(sold.orderId, 'confirmed', BY);
    await store.reservations.settle(ended.orderId, 'ended', BY);
    await store.reservations.hold([demand({ [sku]: 1 }, { expiresAt: PAST })]);

    const { taking, ...level } = await store.queries.explain({ mode: 'live', sku });

    expect(level).toEqual({ sku, onHand: 50, reserved: 5, available: 45 });
    const orderId = (request: { orderId: string }) => toId('ord', request.orderId);
    expect(new Set(taking)).toEqual(
      new Set([
        { orderId: orderId(held), quantity: 2, state: 'held', expiresAt: expiresAt.toISOString() },
        { orderId: orderId(sold), quantity: 3, state: 'committed', expiresAt: null },
      ]),
    );
  });

  it('of a product that nobody takes is empty', async () => {
    const sku = await stocked(store, 5);
    expect(await store.queries.explain({ mode: 'live', sku })).toMatchObject({ taking: [] });
  });
});

describe('a SKU that names nothing', () => {
  it.each(['product', 'stock', 'explain', 'movements'] as const)('has no %s', async (read) => {
    await expect(store.queries[read]({ mode: 'live', sku: 'NOTHING' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
