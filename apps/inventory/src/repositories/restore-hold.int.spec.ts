import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from '@jest/globals';
import type { TestDatabase } from '@flotilla/testing/postgres';
import { BY, demand, type InventoryStore, PAST, stocked } from '../../test/inventory-store.js';
import { withStores } from '../../test/stores.js';
import type { HoldTerms } from '../domain/reservation.js';

let test: TestDatabase;
let store: InventoryStore;
withStores((stores) => ({ test, one: store } = stores));
afterEach(() => store.gate.open());

/** What orders remembers of an order for so many units. */
function termsOf(sku: string, quantity: number): HoldTerms {
  const unitPrice = { amount: 900, currency: 'EUR' };
  const lines = [{ sku, name: 'As it was called then', quantity, unitPrice }];
  return { mode: 'live', requestHash: '22'.repeat(32), expiresAt: null, lines };
}

const stock = (sku: string) => store.queries.stock({ mode: 'live', sku });
const movements = async (sku: string) =>
  (await store.queries.movements({ mode: 'live', sku })).data.map(({ type }) => type).toReversed();
const restore = (orderId: string, terms: HoldTerms | null = null) =>
  store.reservations.restore(orderId, terms, BY);
const confirm = (orderId: string) => store.reservations.settle(orderId, 'confirmed', BY);

it('an order that was lost takes its units again, on the terms it was placed on', async () => {
  const [sku, orderId] = [await stocked(store, 5), randomUUID()];
  expect(await restore(orderId, termsOf(sku.toLowerCase(), 2))).toBe(true);
  expect(await confirm(orderId)).toBe('committed');
  expect(await stock(sku)).toMatchObject({ onHand: 5, reserved: 2 });
  const { rows } = await test
    .pool()
    .query('SELECT name, unit_price_amount FROM reservation_lines WHERE order_id = $1', [orderId]);
  expect(rows).toEqual([{ name: 'As it was called then', unit_price_amount: '900' }]);
});

it('units that were sold and are not known to be there are counted in, and none is left to sell', async () => {
  const [sku, orderId] = [await stocked(store, 3), randomUUID()];
  expect(await restore(orderId, termsOf(sku, 7))).toBe(true);
  expect(await stock(sku)).toMatchObject({ onHand: 7, reserved: 7, available: 0 });
  expect(await movements(sku)).toEqual(['receipt', 'adjustment', 'reserve']);
});

it('a hold that ran out here, though its order was confirmed, is taken again', async () => {
  const sku = await stocked(store, 5);
  const request = demand({ [sku]: 2 }, { expiresAt: PAST });
  await store.reservations.hold([request]);
  await store.reservations.releaseExpired(10);
  expect(await confirm(request.orderId)).toBe('released');

  expect(await restore(request.orderId)).toBe(true);
  expect(await confirm(request.orderId)).toBe('committed');
  expect(await stock(sku)).toMatchObject({ onHand: 5, reserved: 2 });
});

it('nothing is taken for an attempt that was withdrawn', async () => {
  const sku = await stocked(store, 5);
  const { orderId, ...request } = demand({ [sku]: 2 });
  await store.reservations.hold([{ ...request, orderId }]);
  await store.reservations.settle(orderId, 'voided', BY);
  expect(await restore(orderId, termsOf(sku, 2))).toBe(false);
  expect(await stock(sku)).toMatchObject({ reserved: 0 });
});

it('nothing is taken for an order of which nothing is known, nor for a product that is gone', async () => {
  expect(await restore(randomUUID())).toBe(false);
  const sku = await stocked(store, 5);
  const both = termsOf(sku, 1);
  const lines = [...both.lines, ...termsOf('UNHEARD-OF', 1).lines];
  expect(await restore(randomUUID(), { ...both, lines })).toBe(false);
  expect(await stock(sku)).toMatchObject({ reserved: 0 });
});

it('while the gate is closed nothing is held or made permanent', async () => {
  const request = demand({ [await stocked(store, 5)]: 2 });
  await store.reservations.hold([request]);
  store.gate.close();
  const unavailable = { code: 'unavailable', details: { retryAfterSeconds: 1 } };
  await expect(store.reservations.hold([request])).rejects.toMatchObject(unavailable);
  await expect(store.reservations.commit(request.orderId, BY)).rejects.toMatchObject(unavailable);
});
