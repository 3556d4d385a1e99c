import { describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '@flotilla/testing/postgres';
import { randomUUID } from 'node:crypto';
import {
  BY,
  codeOf,
  demand,
  holdEach,
  holdOne,
  rowOf,
  stocked,
  type InventoryStore,
} from '../../test/inventory-store.js';
import { withStores } from '../../test/stores.js';
import type { HoldRequest } from '../domain/reservation.js';

let test: TestDatabase;
let one: InventoryStore;
let two: InventoryStore;
withStores((stores) => ({ test, one, two } = stores));

const hold = (request: HoldRequest, store = one) => holdOne(store, request);
const holdAll = (requests: readonly HoldRequest[]) => holdEach([one, two], requests);
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

    const outcomes = await holdAll(Array.from({ length: 200 }, () => demand({ [mug]: 1 })));

    const codes = outcomes.map(codeOf);
    expect(codes.filter((code) => code === 'taken')).toHaveLength(50);
    expect(codes.filter((code) => code === 'insufficient-stock')).toHaveLength(150);
    expect(await stock(mug)).toMatchObject({ onHand: 50, reserved: 50, available: 0 });
  });

  it('orders that name the same products in opposite order do not wait for each other', async () => {
    const skus = await Promise.all(Array.from({ length: 6 }, () => stocked(one, 1000)));
    const lines = Object.fromEntries(skus.map((sku) => [sku, 1]));
    const reversed = Object.fromEntries(skus.toReversed().map((sku) => [sku, 1]));

    const outcomes = await holdAll(
      Array.from({ length: 60 }, (_, index) => demand(index % 2 === 0 ? lines : reversed)),
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
    for (let round = 0; round < 10; round++) {
      const [mug, tea] = [await stocked(one, 500), await stocked(one, 500)];
      const ids = Array.from({ length: 300 }, () => randomUUID());
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
