import { describe, expect, it } from '@jest/globals';
import { toId } from '@flotilla/contracts/ids';
import { BY, PAST, demand, type InventoryStore, stocked } from '../../test/inventory-store.js';
import { withStores } from '../../test/stores.js';

let store: InventoryStore;
withStores((stores) => ({ one: store } = stores));

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

describe('the ledger of a product with holds that have ended', () => {
  it('sums to the level that is shown, though no sweeper has run', async () => {
    const [sku, other] = [await stocked(store, 50), await stocked(store, 50)];
    await store.reservations.hold([demand({ [sku]: 3, [other]: 2 }, { expiresAt: PAST })]);

    const level = await store.queries.stock({ mode: 'live', sku });
    const { data } = await store.queries.movements({ mode: 'live', sku });

    expect(level).toMatchObject({ onHand: 50, reserved: 0 });
    expect(data.reduce((sum, { onHandDelta }) => sum + onHandDelta, 0)).toBe(50);
    expect(data.reduce((sum, { reservedDelta }) => sum + reservedDelta, 0)).toBe(0);
    expect(data[0]).toMatchObject({ type: 'release', reason: 'expired' });
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
  it.each(['stock', 'explain', 'movements'] as const)('has no %s', async (read) => {
    await expect(store.queries[read]({ mode: 'live', sku: 'NOTHING' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
