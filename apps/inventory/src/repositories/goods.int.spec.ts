import { describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '@flotilla/testing/postgres';
import { randomUUID } from 'node:crypto';
import { BY, demand, holdOne, type InventoryStore, stocked } from '../../test/inventory-store.js';
import { withStores } from '../../test/stores.js';

let test: TestDatabase;
let one: InventoryStore;
let two: InventoryStore;
withStores((stores) => ({ test, one, two } = stores));

/** Four of ten units, sold. */
async function sold(): Promise<{ sku: string; orderId: string }> {
  const sku = await stocked(one, 10);
  const request = demand({ [sku]: 4 });
  await one.reservations.hold([request]);
  await one.reservations.settle(request.orderId, 'confirmed', BY);
  return { sku, orderId: request.orderId };
}

const ship = (orderId: string, sku: string, quantity: number, store = one) =>
  store.goods.move(orderId, { kind: 'shipped', items: [{ sku, quantity }] }, BY);
const takeBack = (orderId: string, sku: string, quantity: number, restock: boolean) =>
  one.goods.move(orderId, { kind: 'returned', items: [{ sku, quantity }], restock }, BY);
const stock = (sku: string) => one.queries.stock({ mode: 'live', sku });
const newest = async (sku: string) =>
  (await one.queries.movements({ mode: 'live', sku, limit: 1 })).data[0];

describe('goods that are shipped', () => {
  it('are neither on hand nor reserved any more, and what may be sold stays the same', async () => {
    const { sku, orderId } = await sold();

    expect(await ship(orderId, sku, 1)).toBe(0);
    expect(await stock(sku)).toMatchObject({ onHand: 9, reserved: 3, available: 6 });
    expect(await ship(orderId, sku, 3)).toBe(0);

    expect(await stock(sku)).toMatchObject({ onHand: 6, reserved: 0, available: 6 });
    expect(await newest(sku)).toMatchObject({ type: 'ship', onHandDelta: -3, reservedDelta: -3 });
  });

  it('are never more than are reserved, and what is missing is told', async () => {
    const { sku, orderId } = await sold();

    expect(await ship(orderId, sku, 6)).toBe(2);

    expect(await stock(sku)).toMatchObject({ onHand: 6, reserved: 0, available: 6 });
    expect(await ship(randomUUID(), sku, 3)).toBe(3);
    expect(await stock(sku)).toMatchObject({ onHand: 6 });
  });

  it('by two processes while others buy leave every level exact', async () => {
    const orders = await Promise.all([sold(), sold(), sold()]);

    await Promise.all(
      orders.flatMap(({ sku, orderId }) => [
        ship(orderId, sku, 2, one),
        ship(orderId, sku, 2, two),
        holdOne(two, demand({ [sku]: 1, [orders[0]!.sku]: 1 })),
      ]),
    );

    const [first, second] = await Promise.all(orders.map(({ sku }) => stock(sku)));
    expect(first).toMatchObject({ onHand: 6, reserved: 3 });
    expect(second).toMatchObject({ onHand: 6, reserved: 1 });
  });
});

describe('goods that come back', () => {
  it('may be sold again when they are restocked', async () => {
    const { sku, orderId } = await sold();
    await ship(orderId, sku, 4);

    expect(await takeBack(orderId, sku, 3, true)).toBe(0);

    expect(await stock(sku)).toMatchObject({ onHand: 9, reserved: 0, available: 9 });
    expect(await newest(sku)).toMatchObject({ type: 'return', onHandDelta: 3, reservedDelta: 0 });
  });

  it('are noted, and change nothing, when they are not', async () => {
    const { sku, orderId } = await sold();
    await ship(orderId, sku, 4);
    const before = await stock(sku);

    expect(await takeBack(orderId, sku, 3, false)).toBe(0);

    expect(await stock(sku)).toEqual(before);
    expect(await newest(sku)).toMatchObject({ type: 'return', onHandDelta: 0 });
  });

  it('of an order that nobody knows here are told to be missing', async () => {
    const sku = await stocked(one, 10);
    expect(await takeBack(randomUUID(), sku, 3, true)).toBe(3);
    expect(await stock(sku)).toMatchObject({ onHand: 10 });
  });
});

describe('stock.low', () => {
  const announced = async (sku: string) => {
    const { rows } = await test
      .pool()
      .query<{ payload: unknown; metadata: unknown }>(
        "SELECT payload, metadata FROM events WHERE subject = $1 AND type = 'stock.low' ORDER BY version",
        [sku],
      );
    return rows;
  };

  it('is announced once when the units that may be sold have fallen to five', async () => {
    const sku = await stocked(one, 7);
    await holdOne(one, demand({ [sku]: 1 }));
    expect(await announced(sku)).toEqual([]);

    const by = { system: 'who bought' };
    await one.reservations.hold([demand({ [sku]: 1 }, { by }), demand({ [sku]: 1 }, { by })]);
    await holdOne(one, demand({ [sku]: 1 }));

    expect(await announced(sku)).toEqual([
      { payload: { sku, available: 4, threshold: 5 }, metadata: { actor: by } },
    ]);
  });

  it('is announced again only after the stock was more than low', async () => {
    const sku = await stocked(one, 7);
    const request = demand({ [sku]: 2 });
    await holdOne(one, request);

    await one.reservations.settle(request.orderId, 'ended', BY);
    await holdOne(one, demand({ [sku]: 7 }));

    expect(await announced(sku)).toMatchObject([
      { payload: { available: 5 } },
      { payload: { available: 0 } },
    ]);
  });
});
