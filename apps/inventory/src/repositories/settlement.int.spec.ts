import { describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '@flotilla/testing/postgres';
import { randomUUID } from 'node:crypto';
import { BY, demand, type InventoryStore, PAST, stocked } from '../../test/inventory-store.js';
import { withStores } from '../../test/stores.js';
import type { StockFate } from '../domain/order-fate.js';
import type { HoldRequest } from '../domain/reservation.js';

let test: TestDatabase;
let one: InventoryStore;
let two: InventoryStore;
withStores((stores) => ({ test, one, two } = stores));

/** Five units, two of them held. */
async function held(
  more: Partial<HoldRequest> = {},
): Promise<{ sku: string; request: HoldRequest }> {
  const sku = await stocked(one, 5);
  const request = demand({ [sku]: 2 }, more);
  await one.reservations.hold([request]);
  return { sku, request };
}

const settle = ({ orderId }: Pick<HoldRequest, 'orderId'>, fate: StockFate, store = one) =>
  store.reservations.settle(orderId, fate, BY);
const stock = (sku: string) => one.queries.stock({ mode: 'live', sku });
const movements = async (sku: string) =>
  (await one.queries.movements({ mode: 'live', sku })).data.map(({ type }) => type);

describe('what orders decided', () => {
  it.each([
    ['confirmed', 'committed', ['commit', 'reserve', 'receipt'], 2],
    ['pending', 'held', ['reserve', 'receipt'], 2],
    ['ended', 'ended', ['release', 'reserve', 'receipt'], 0],
    ['voided', 'released', ['release', 'reserve', 'receipt'], 0],
  ] as const)(
    '%s leaves the hold %s, however often it is told',
    async (fate, state, ledger, reserved) => {
      const { sku, request } = await held();

      expect(await settle(request, fate)).toBe(state);
      expect(await settle(request, fate)).toBe(state);

      expect(await movements(sku)).toEqual(ledger);
      expect(await stock(sku)).toMatchObject({ onHand: 5, reserved });
    },
  );

  it('is written once by two processes that are told at the same time', async () => {
    for (const fate of ['confirmed', 'ended', 'voided'] as const) {
      const { sku, request } = await held();

      await Promise.all([settle(request, fate, one), settle(request, fate, two)]);

      expect(await movements(sku)).toHaveLength(3);
    }
  });

  it('takes an undecided hold off the list of those to ask about', async () => {
    const { request } = await held();
    expect(await one.reservations.undecided(0, 1000)).toContain(request.orderId);

    await settle(request, 'pending');

    expect(await one.reservations.undecided(0, 1000)).not.toContain(request.orderId);
  });

  it('is asked about page by page, each order once, the oldest first', async () => {
    const sku = await stocked(one, 5);
    const together = [1, 2, 3, 4, 5].map(() => demand({ [sku]: 1 }));
    await one.reservations.hold(together);
    const all = await one.reservations.undecided(0, 1000);

    const pages: string[] = [];
    for (let page = await one.reservations.undecided(0, 2); page.length > 0;) {
      pages.push(...page);
      page = await one.reservations.undecided(0, 2, page.at(-1));
    }

    expect(pages).toEqual(all);
    expect(pages).toEqual(expect.arrayContaining(together.map(({ orderId }) => orderId)));
  });

  it('frees what was sold, when the order is cancelled after all', async () => {
    const { sku, request } = await held();
    await settle(request, 'confirmed');

    expect(await settle(request, 'ended')).toBe('ended');

    expect(await stock(sku)).toMatchObject({ reserved: 0, available: 5 });
  });

  it('does not bring back what was released', async () => {
    const { sku, request } = await held();
    await settle(request, 'voided');

    expect(await settle(request, 'confirmed')).toBe('released');

    expect(await stock(sku)).toMatchObject({ reserved: 0 });
  });

  it('is known to have ended, though it is heard to be confirmed only afterwards', async () => {
    const { sku, request } = await held();
    await settle(request, 'ended');

    expect(await settle(request, 'confirmed')).toBe('ended');

    expect(await stock(sku)).toMatchObject({ reserved: 0 });
  });

  it('sells a hold that would have expired before orders was heard, if nobody has taken its units', async () => {
    const { sku, request } = await held({ expiresAt: PAST });

    expect(await settle(request, 'confirmed')).toBe('committed');

    expect(await stock(sku)).toMatchObject({ reserved: 2 });
  });

  it.each(['confirmed', 'pending', 'ended'] as const)(
    '%s of an order that nothing is reserved for says so, and makes nothing up',
    async (fate) => {
      expect(await settle({ orderId: randomUUID() }, fate)).toBeNull();
    },
  );
});

describe('an order that is voided before its hold came', () => {
  it('leaves a tombstone that the late hold finds', async () => {
    const sku = await stocked(one, 5);
    const late = demand({ [sku]: 2 });

    expect(await settle(late, 'voided')).toBe('released');

    const [outcome] = await one.reservations.hold([late]);
    expect(outcome).toMatchObject({ kind: 'refused', error: { code: 'order-voided' } });
    expect(await stock(sku)).toMatchObject({ available: 5 });
  });

  it('never leaves stock taken, whichever of the two is first', async () => {
    for (let round = 0; round < 40; round++) {
      const sku = await stocked(one, 5);
      const request = demand({ [sku]: 2 });

      await Promise.all([one.reservations.hold([request]), settle(request, 'voided', two)]);

      expect(await stock(sku)).toMatchObject({ reserved: 0, available: 5 });
    }
  });
});

describe('the release of expired holds', () => {
  it('frees them all, pending or undecided, and says when nothing is left', async () => {
    const holds = await Promise.all([1, 2, 3].map(() => held({ expiresAt: PAST })));
    await settle(holds[0]!.request, 'pending');

    await Promise.all(
      [one, two].map(async ({ reservations }) => {
        while (await reservations.releaseExpired(2));
      }),
    );

    for (const { sku } of holds)
      expect(await movements(sku)).toEqual(['release', 'reserve', 'receipt']);
    expect(await one.reservations.releaseExpired(2)).toBe(false);
  });

  it('leaves holds alone whose time is not up', async () => {
    const { sku } = await held({ expiresAt: new Date(Date.now() + 60_000) });

    while (await one.reservations.releaseExpired(100));

    expect(await stock(sku)).toMatchObject({ reserved: 2 });
  });
});

describe('the ledger', () => {
  it.each([
    "UPDATE movements SET reason = 'nothing happened'",
    'DELETE FROM movements',
    'TRUNCATE movements',
  ])('refuses to be rewritten, even by its owner: %s', async (statement) => {
    await held();
    await expect(test.pool().query(statement)).rejects.toThrow('movements is append-only');
  });
});

describe('whatever a service might get wrong', () => {
  it.each([
    ['sell what is not there', 'UPDATE stock SET available = -1'],
    ['have more to sell than there is', 'UPDATE stock SET available = on_hand + 1'],
    ['ship what is promised to others', 'UPDATE stock SET on_hand = available - 1'],
    ['give back more than an order took', 'UPDATE reservation_lines SET taking = -1'],
    ['take more than an order names', 'UPDATE reservation_lines SET taking = quantity + 1'],
  ])('the database itself refuses to %s', async (_, statement) => {
    await held();
    await expect(test.pool().query(statement)).rejects.toMatchObject({ code: '23514' });
  });
});
