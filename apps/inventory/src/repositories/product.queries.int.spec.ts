import { describe, expect, it } from '@jest/globals';
import type { ListProductsRequest } from '@flotilla/contracts/products';
import type { TestDatabase } from '@flotilla/testing/postgres';
import { BY, type InventoryStore, rowOf } from '../../test/inventory-store.js';
import { withStores } from '../../test/stores.js';

let test: TestDatabase;
let store: InventoryStore;
withStores((stores) => ({ test, one: store } = stores));

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
    const page = await store.products.products({ mode: 'live', limit: 2, ...request, cursor });
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
    await load(['Typo-3', 1, { name: 'Blue teapot' }]);
    expect(await walk({ search: 'tepot' })).toEqual(['Typo-3']);
  });

  it('goes on with what is similar, although what was typed is added meanwhile', async () => {
    for (let index = 1; index <= 3; index++) await load([`Like-${index}`, 1, { name: 'Sextant' }]);

    const skus = await walk({ search: 'sextent' }, () =>
      load(['Like-late', 1, { name: 'Sextent' }]).then(),
    );

    expect(skus).toEqual(['Like-3', 'Like-2', 'Like-1']);
  });

  it('leaves archived products out, which are still found by their SKU', async () => {
    await load(['Gone-1', 1]);
    await test.pool().query("UPDATE products SET status = 'archived' WHERE sku = 'Gone-1'");

    expect(await walk({ search: 'gone-1' })).toEqual([]);
    expect(await store.products.product({ mode: 'live', sku: 'Gone-1' })).toMatchObject({
      status: 'archived',
    });
  });

  it('refuses a cursor it did not make', async () => {
    await expect(store.products.products({ mode: 'live', cursor: 'x' })).rejects.toMatchObject({
      code: 'validation-failed',
      details: { errors: [{ pointer: '/cursor' }] },
    });
  });
});

it('a SKU that names nothing has no product', async () => {
  await expect(store.products.product({ mode: 'live', sku: 'NOTHING' })).rejects.toMatchObject({
    code: 'not-found',
  });
});

describe('products by their SKUs', () => {
  it('are those that there are, in any case, as each is alone', async () => {
    await load(['Many-1', 1], ['Many-2', 2]);

    const found = await store.products.findMany({
      mode: 'live',
      skus: ['MANY-1', 'many-1', 'Many-2', 'Many-3'],
    });

    const alone = await Promise.all(
      ['Many-1', 'Many-2'].map((sku) => store.products.product({ mode: 'live', sku })),
    );
    expect(found.toSorted((one, other) => (one.sku < other.sku ? -1 : 1))).toEqual(alone);
    expect(await store.products.findMany({ mode: 'test', skus: ['Many-1'] })).toEqual([]);
  });
});
