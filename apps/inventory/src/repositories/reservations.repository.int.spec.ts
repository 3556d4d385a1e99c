import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { randomUUID } from 'node:crypto';
import {
  BY,
  demand,
  imbalances,
  type InventoryStore,
  openStore,
  PAST,
  rowOf,
  stocked,
} from '../../test/inventory-store.js';
import type { HoldOutcome } from '../domain/holds.js';
import type { HoldRequest } from '../domain/reservation.js';
import { migrations } from '../migrations.js';

let test: TestDatabase;
/** Two processes, as far as the database can tell. */
let one: InventoryStore;
let two: InventoryStore;

beforeAll(async () => {
  test = await testDatabase(migrations);
  [one, two] = [await openStore(test.url), await openStore(test.url)];
});
afterAll(async () => {
  await one.close();
  await two.close();
  await test.drop();
});

afterEach(async () => {
  expect(await imbalances(test.pool())).toEqual([]);
});

async function hold(request: HoldRequest, store = one): Promise<HoldOutcome> {
  return (await store.reservations.hold([request]))[0]!;
}

function codeOf(outcome: HoldOutcome): string {
  return outcome.kind === 'refused' ? outcome.error.code : outcome.kind;
}

const stock = (sku: string) => one.queries.stock({ mode: 'live', sku });
const movements = async (sku: string) =>
  (await one.queries.movements({ mode: 'live', sku, limit: 100 })).data.map(({ type }) => type);

async function rowsOf(orderId: string): Promise<number> {
  const { rows } = await test.pool().query<{ count: number }>(
    `SELECT (SELECT count(*) FROM reservations WHERE order_id = $1)::int
       + (SELECT count(*) FROM reservation_lines WHERE order_id = $1)::int
       + (SELECT count(*) FROM movements WHERE order_id = $1)::int AS count`,
    [orderId],
  );
  return rows[0]!.count;
}

describe('a hold', () => {
  it('takes the units of every line and enters them in the ledger', async () => {
    const [mug, tea] = [await stocked(one, 5), await stocked(one, 9)];

    const outcome = await hold(demand({ [mug]: 2, [tea]: 9 }));

    expect(outcome.kind).toBe('taken');
    expect(await stock(mug)).toMatchObject({ onHand: 5, reserved: 2, available: 3 });
    expect(await stock(tea)).toMatchObject({ onHand: 9, reserved: 9, available: 0 });
    expect(await movements(mug)).toEqual(['reserve', 'receipt']);
  });

  it('that is refused leaves nothing behind, and the same id may be tried again', async () => {
    const [mug, tea] = [await stocked(one, 5), await stocked(one, 1)];
    const request = demand({ [mug]: 2, [tea]: 2 });

    expect(codeOf(await hold(request))).toBe('insufficient-stock');

    expect(await rowsOf(request.orderId)).toBe(0);
    expect(await stock(mug)).toMatchObject({ available: 5, version: 1 });
    await one.catalogue.import('live', [rowOf(tea, 2)], BY);
    expect(codeOf(await hold(request))).toBe('taken');
  });

  it('that is repeated is answered with the names and prices of the first time, and takes nothing', async () => {
    const mug = await stocked(one, 5, { amount: 1000 });
    const request = demand({ [mug]: 2 });
    const first = await hold(request);
    await one.catalogue.import('live', [rowOf(mug, 5, { amount: 2000, name: 'Dearer' })], BY);

    const again = await hold(request, two);

    expect(again).toEqual({ ...first, kind: 'repeated' });
    expect(await stock(mug)).toMatchObject({ reserved: 2 });
  });

  it('under the id of another request is refused, also when it names other products', async () => {
    const [mug, tea] = [await stocked(one, 5), await stocked(one, 5)];
    const request = demand({ [mug]: 2 });
    await hold(request);

    const other = await hold({
      ...demand({ [tea]: 1 }),
      orderId: request.orderId,
      requestHash: '22'.repeat(32),
    });

    expect(codeOf(other)).toBe('idempotency-key-reuse');
    expect(await stock(tea)).toMatchObject({ reserved: 0 });
  });

  it('of many orders is decided in the order they came, in one transaction', async () => {
    const mug = await stocked(one, 5);

    const outcomes = await one.reservations.hold([
      demand({ [mug]: 3 }),
      demand({ [mug]: 3 }),
      demand({ [mug]: 2 }),
    ]);

    expect(outcomes.map(codeOf)).toEqual(['taken', 'insufficient-stock', 'taken']);
    expect(await stock(mug)).toMatchObject({ available: 0 });
  });

  it('takes as many statements for a hundred lines of a hundred orders as for one', async () => {
    const rows = Array.from({ length: 100 }, (_, index) => rowOf(`MANY-${index}`, 1000));
    await one.catalogue.import('live', rows, BY);
    const all = Object.fromEntries(rows.map(({ sku }) => [sku, 1]));

    const few = await one.countStatements(() => hold(demand({ 'MANY-0': 1 })));
    const many = await one.countStatements(() =>
      one.reservations.hold(Array.from({ length: 100 }, () => demand(all))),
    );

    expect(many).toBe(few);
    expect(many).toBeLessThanOrEqual(5);
  });
});

describe('at the same time', () => {
  it('200 holds from two processes on 50 units sell exactly 50', async () => {
    const mug = await stocked(one, 50);

    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, index) => patiently(demand({ [mug]: 1 }), index)),
    );

    const codes = outcomes.map(codeOf);
    expect(codes.filter((code) => code === 'taken')).toHaveLength(50);
    expect(codes.filter((code) => code === 'insufficient-stock')).toHaveLength(150);
    expect(await stock(mug)).toMatchObject({ onHand: 50, reserved: 50, available: 0 });
  });

  it('orders that name the same products in opposite order do not wait for each other', async () => {
    const skus = await Promise.all(Array.from({ length: 6 }, () => stocked(one, 1000)));
    const lines = Object.fromEntries(skus.map((sku) => [sku, 1]));
    const reversed = Object.fromEntries(skus.toReversed().map((sku) => [sku, 1]));

    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        patiently(demand(index % 2 === 0 ? lines : reversed), index),
      ),
    );

    expect(new Set(outcomes.map(codeOf))).toEqual(new Set(['taken']));
  });

  it('the same order id from two processes takes stock once', async () => {
    for (let round = 0; round < 20; round++) {
      const mug = await stocked(one, 5);
      const request = demand({ [mug]: 1 });

      const outcomes = await Promise.all([
        hold(request, one),
        hold(request, two),
        hold(request, one),
      ]);

      expect(outcomes.map(codeOf).sort()).toEqual(['repeated', 'repeated', 'taken']);
      expect(await stock(mug)).toMatchObject({ reserved: 1 });
    }
  });

  it('one order id for two contents without a product in common goes to exactly one of them', async () => {
    for (let round = 0; round < 30; round++) {
      const [mug, tea] = [await stocked(one, 5), await stocked(one, 5)];
      const orderId = randomUUID();

      const outcomes = await Promise.all([
        hold(demand({ [mug]: 1 }, { orderId }), one),
        hold(demand({ [tea]: 1 }, { orderId, requestHash: '22'.repeat(32) }), two),
      ]);

      expect(outcomes.map(codeOf).sort()).toEqual(['idempotency-key-reuse', 'taken']);
      const reserved = (await stock(mug)).reserved + (await stock(tea)).reserved;
      expect(reserved).toBe(1);
    }
  });

  it('batches that share order ids crosswise, over different products, all come to an answer', async () => {
    for (let round = 0; round < 20; round++) {
      const [mug, tea] = [await stocked(one, 50), await stocked(one, 50)];
      const ids = Array.from({ length: 8 }, () => randomUUID());
      const batch = (sku: string, hash: string, orderIds: string[]) =>
        orderIds.map((orderId) => demand({ [sku]: 1 }, { orderId, requestHash: hash.repeat(32) }));

      const [left, right] = await Promise.all([
        one.reservations.hold(batch(mug, '11', ids)),
        two.reservations.hold(batch(tea, '22', ids.toReversed())),
      ]);

      const taken = [...left, ...right].filter(({ kind }) => kind === 'taken');
      expect(taken).toHaveLength(ids.length);
      expect((await stock(mug)).reserved + (await stock(tea)).reserved).toBe(ids.length);
    }
  });
});

describe('a hold that has expired', () => {
  const expired = { expiresAt: PAST };

  it('counts as free in the next decision, though nothing has swept', async () => {
    const mug = await stocked(one, 5);
    await hold(demand({ [mug]: 5 }, expired));

    expect(codeOf(await hold(demand({ [mug]: 5 })))).toBe('taken');

    expect(await movements(mug)).toEqual(['reserve', 'release', 'reserve', 'receipt']);
  });

  it('counts as free to whoever reads', async () => {
    const mug = await stocked(one, 5);
    await hold(demand({ [mug]: 4 }, expired));

    expect(await stock(mug)).toMatchObject({ onHand: 5, reserved: 0, available: 5 });
    expect(await one.queries.product({ mode: 'live', sku: mug })).toMatchObject({ available: 5 });
    const page = await one.queries.products({ mode: 'live', search: mug });
    expect(page.data[0]).toMatchObject({ available: 5 });
  });

  it('is released whole, when only one of its products is wanted', async () => {
    const [mug, tea] = [await stocked(one, 5), await stocked(one, 5)];
    const gone = demand({ [mug]: 5, [tea]: 5 }, expired);
    await hold(gone);

    await hold(demand({ [mug]: 1 }));

    expect(await movements(tea)).toEqual(['release', 'reserve', 'receipt']);
    expect(codeOf(await hold(gone))).toBe('order-voided');
  });

  it('holds until the moment it expires', async () => {
    const mug = await stocked(one, 5);
    await hold(demand({ [mug]: 5 }, { expiresAt: new Date(Date.now() + 60_000) }));

    expect(codeOf(await hold(demand({ [mug]: 1 })))).toBe('insufficient-stock');
  });

  it('cannot be committed', async () => {
    const mug = await stocked(one, 5);
    const gone = demand({ [mug]: 5 }, expired);
    await hold(gone);

    expect(await one.reservations.commit(gone.orderId, BY)).toBe(false);
  });

  it('crossed with others over many products is freed from two processes at once without a deadlock', async () => {
    const skus = await Promise.all(Array.from({ length: 5 }, () => stocked(one, 100)));
    for (let round = 0; round < 15; round++) {
      const pairs = skus.map((sku, index) => [sku, skus[(index + 1) % skus.length]!] as const);
      await one.reservations.hold(pairs.map(([a, b]) => demand({ [a]: 2, [b]: 3 }, expired)));

      const outcomes = await Promise.all(
        skus.map((sku, index) => patiently(demand({ [sku]: 1 }), index)),
      );

      expect(new Set(outcomes.map(codeOf))).toEqual(new Set(['taken']));
    }
    for (const sku of skus) expect(await stock(sku)).toMatchObject({ reserved: 15 });
  });
});

describe('a commit', () => {
  it('keeps the units for good, and repeating it changes nothing', async () => {
    const mug = await stocked(one, 5);
    const request = demand({ [mug]: 2 }, { expiresAt: new Date(Date.now() + 60_000) });
    await hold(request);

    expect(await one.reservations.commit(request.orderId, BY)).toBe(true);
    expect(await two.reservations.commit(request.orderId, BY)).toBe(true);

    expect(await movements(mug)).toEqual(['commit', 'reserve', 'receipt']);
    expect(await stock(mug)).toMatchObject({ reserved: 2 });
    expect(await hold(request)).toMatchObject({
      kind: 'repeated',
      reservation: { expiresAt: null },
    });
  });

  it('of what was never held says no', async () => {
    expect(await one.reservations.commit(randomUUID(), BY)).toBe(false);
  });

  it('and a sale of the same units, at the moment the hold ends, are never both granted', async () => {
    for (let round = 0; round < 40; round++) {
      const mug = await stocked(one, 1);
      const ending = demand({ [mug]: 1 }, { expiresAt: new Date(Date.now() + 4 + (round % 5)) });
      await hold(ending);

      const [committed, sold] = await Promise.all([
        one.reservations.commit(ending.orderId, BY),
        hold(demand({ [mug]: 1 }), two),
      ]);

      expect(committed && sold.kind === 'taken').toBe(false);
    }
  });
});

/** As a caller does who has a budget: `unavailable` (a lock or a connection not had in time) is tried again. */
async function patiently(request: HoldRequest, index: number): Promise<HoldOutcome> {
  const store = index % 2 === 0 ? one : two;
  for (;;) {
    try {
      return await hold(request, store);
    } catch (error) {
      if ((error as { code?: string }).code !== 'unavailable') throw error;
    }
  }
}
