import { describe, expect, it } from '@jest/globals';
import type { ImportRow } from '@flotilla/contracts/catalogue-import';
import type { TestDatabase } from '@flotilla/testing/postgres';
import {
  BY,
  demand,
  type InventoryStore,
  PAST,
  rowOf,
  stocked,
} from '../../test/inventory-store.js';
import { withStores } from '../../test/stores.js';

let test: TestDatabase;
let one: InventoryStore;
let two: InventoryStore;
withStores((stores) => ({ test, one, two } = stores));

const load = (rows: ImportRow[], store = one) => store.catalogue.import('live', rows, BY);
const product = (sku: string) => one.products.product({ mode: 'live', sku });
const stock = (sku: string) => one.queries.stock({ mode: 'live', sku });
const events = async (sku: string) => {
  const { rows } = await test
    .pool()
    .query<{ version: number; payload: unknown }>(
      `SELECT version, payload FROM events WHERE subject = $1 AND type = 'stock.adjusted' ORDER BY version`,
      [sku],
    );
  return rows;
};

describe('an import', () => {
  it('creates a product with its stock, its first movement and an event', async () => {
    expect(await load([rowOf('New-1', 7, { amount: 1999 })])).toEqual({
      accepted: 1,
      rejected: 0,
      errors: [],
    });

    expect(await product('new-1')).toMatchObject({
      sku: 'New-1',
      price: { amount: 1999, currency: 'EUR' },
      status: 'active',
      available: 7,
      version: 1,
    });
    const { data } = await one.queries.movements({ mode: 'live', sku: 'New-1' });
    expect(data).toMatchObject([{ type: 'receipt', onHandDelta: 7, reason: 'import', actor: BY }]);
    expect(await events('New-1')).toEqual([
      { version: 1, payload: { sku: 'New-1', onHand: 7, delta: 7, reason: 'import' } },
    ]);
  });

  it('changes name, price and count of a product, found whatever the case of its SKU', async () => {
    await load([rowOf('Case-1', 7)]);

    await load([rowOf('CASE-1', 4, { amount: 5, name: 'Renamed' })]);

    expect(await product('case-1')).toMatchObject({
      sku: 'Case-1',
      name: 'Renamed',
      price: { amount: 5 },
      available: 4,
      version: 2,
    });
    expect((await events('Case-1')).map(({ version }) => version)).toEqual([1, 2]);
  });

  it('of what is already so changes nothing at all', async () => {
    await load([rowOf('Same-1', 7)]);
    const before = [await product('Same-1'), await stock('Same-1')];

    expect(await load([rowOf('Same-1', 7)])).toMatchObject({ accepted: 1 });

    expect([await product('Same-1'), await stock('Same-1')]).toEqual(before);
    expect(await events('Same-1')).toHaveLength(1);
  });

  it('rejects only the row that would leave less than is reserved', async () => {
    const sku = await stocked(one, 5);
    await one.reservations.hold([demand({ [sku]: 3 })]);

    const result = await load([rowOf(sku, 2, { line: 2 }), rowOf('Beside-1', 1, { line: 3 })]);

    expect(result).toMatchObject({
      accepted: 1,
      rejected: 1,
      errors: [{ line: 2, code: 'insufficient-stock' }],
    });
    expect(await stock(sku)).toMatchObject({ onHand: 5, reserved: 3 });
    expect(await product('Beside-1')).toMatchObject({ available: 1 });
  });

  it('may go below what only an expired hold still takes', async () => {
    const sku = await stocked(one, 5);
    await one.reservations.hold([demand({ [sku]: 3 }, { expiresAt: PAST })]);

    expect(await load([rowOf(sku, 2)])).toMatchObject({ accepted: 1 });

    expect(await stock(sku)).toMatchObject({ onHand: 2, reserved: 0 });
  });

  it('keeps test mode a world of its own', async () => {
    await load([rowOf('Mode-1', 7)]);

    await one.catalogue.import('test', [rowOf('Mode-1', 3)], BY);

    expect(await stock('Mode-1')).toMatchObject({ onHand: 7 });
    expect(await one.queries.stock({ mode: 'test', sku: 'Mode-1' })).toMatchObject({ onHand: 3 });
  });

  it('takes as many statements for five hundred rows as for one', async () => {
    const rows = Array.from({ length: 500 }, (_, index) => rowOf(`Bulk-${index}`, index + 1));

    const few = await one.countStatements(() => load([rowOf('Single-1', 1)]));
    const many = await one.countStatements(() => load(rows));

    expect(many).toBe(few);
    expect(many).toBeLessThanOrEqual(8);
  });

  it('of the same new products by two processes at once creates each once', async () => {
    for (let round = 0; round < 10; round++) {
      const rows = Array.from({ length: 50 }, (_, index) => rowOf(`Twin-${round}-${index}`, 10));

      await Promise.all([load(rows, one), load(rows.toReversed(), two)]);

      expect(await events(`Twin-${round}-0`)).toHaveLength(1);
    }
  });

  it('and sales of the same products never leave less than is reserved', async () => {
    const sku = await stocked(one, 20);

    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        index % 4 === 0
          ? load([rowOf(sku, 10 + index)], two)
          : one.reservations.hold([demand({ [sku]: 1 })]),
      ),
    );

    const { onHand, reserved } = await stock(sku);
    expect(reserved).toBeLessThanOrEqual(onHand);
  });
});
