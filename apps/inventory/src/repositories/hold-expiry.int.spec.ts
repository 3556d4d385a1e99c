import { describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '@flotilla/testing/postgres';
import { eventually } from '@flotilla/testing/eventually';
import { randomUUID } from 'node:crypto';
import {
  BY,
  codeOf,
  demand,
  holdEach,
  holdOne,
  PAST,
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

async function someoneWaits(): Promise<boolean> {
  const { rows } = await test
    .pool()
    .query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
  return rows.length > 0;
}

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
    expect(await one.products.product({ mode: 'live', sku: mug })).toMatchObject({ available: 5 });
    const page = await one.products.products({ mode: 'live', search: mug });
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

  it('but was sold in the same moment stays sold', async () => {
    const mug = await stocked(one, 5);
    const sold = demand({ [mug]: 5 }, expired);
    await hold(sold);

    const late = await one.database.transaction(async (tx) => {
      await one.reservations.settle(sold.orderId, 'confirmed', BY, tx);
      const waiting = hold(demand({ [mug]: 1 }), two);
      await eventually(someoneWaits);
      return { waiting };
    });

    expect(codeOf(await late.waiting)).toBe('insufficient-stock');
    expect(await stock(mug)).toMatchObject({ reserved: 5 });
  });

  it('is freed with any number of others, in steps that each end in time', async () => {
    const mug = await stocked(one, 2_000);
    const statementsAfter = async (count: number): Promise<number> => {
      await one.reservations.hold(
        Array.from({ length: count }, () => demand({ [mug]: 1 }, expired)),
      );
      return one.countStatements(() => hold(demand({ [mug]: 1 })));
    };

    const few = await statementsAfter(1);
    const many = await statementsAfter(1_001);

    // Two more steps, of two statements.
    expect(many - few).toBe(4);
    expect(await stock(mug)).toMatchObject({ reserved: 2 });
  });

  it('crossed with others over many products is freed from two processes at once without a deadlock', async () => {
    const skus = await Promise.all(Array.from({ length: 5 }, () => stocked(one, 100)));
    for (let round = 0; round < 15; round++) {
      const pairs = skus.map((sku, index) => [sku, skus[(index + 1) % skus.length]!] as const);
      await one.reservations.hold(pairs.map(([a, b]) => demand({ [a]: 2, [b]: 3 }, expired)));

      const outcomes = await holdAll(skus.map((sku) => demand({ [sku]: 1 })));

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
