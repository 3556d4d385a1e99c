import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { sample } from '@flotilla/testing/sample';
import {
  command,
  commandWith,
  footprint,
  placeOrder,
  type Problem,
  rows,
  stockOf,
  verify,
} from './actions.js';
import { chinook, madeUp, type RecordedHistory } from './recorded-history.js';

interface Replayed {
  imported: number;
  orders: { placed: number; replayed: number; failed: number };
  totalAmount: number;
  units: number;
}

const real = chinook();
const histories: [string, () => RecordedHistory][] = [
  ['a made-up trade history', madeUp],
  ...(real ? [['the Chinook trade history', () => real] as [string, () => RecordedHistory]] : []),
];

describe.each(sample('trade histories', histories, 1, ([name]) => name))('%s', (_, open) => {
  let history: RecordedHistory;
  let fleet: TestFleet;
  beforeAll(async () => {
    history = open();
    fleet = await testFleet();
  }, 150_000);
  afterAll(() => fleet?.stop());

  const replay = (...args: string[]) =>
    command<Replayed>('replay', history.directory, '--data', fleet.directory, ...args);

  it('is replayed concurrently: every order confirmed, every total as recorded, everything sold', async () => {
    const { code, document } = await replay('--concurrency', '32');
    expect([code, document]).toMatchObject([
      0,
      {
        imported: history.products,
        orders: { failed: 0 },
        totalAmount: history.totalAmount,
        units: history.units,
      },
    ]);
    // On a busy machine an answer may come too late, and asking again finds the order.
    const { placed, replayed } = document.orders;
    expect(placed + replayed).toBe(history.orders.length);
    expect(await rows(fleet, 'orders', 'SELECT id FROM orders')).toHaveLength(
      history.orders.length,
    );
    const [left] = await rows(
      fleet,
      'inventory',
      'SELECT sum(available)::int AS available FROM stock',
    );
    expect(left).toEqual({ available: 0 });
  }, 240_000);

  it('leaves nothing of a sold-out product for one more order', async () => {
    const before = await footprint(fleet);
    const { sku } = history.orders[0]!.items[0]!;
    const answer = await placeOrder<Problem>(fleet.client, 'one-more', [{ sku, quantity: 1 }]);
    expect([answer.status, answer.body.code]).toEqual([409, 'insufficient-stock']);
    expect(answer.body.lines).toEqual([{ sku, requested: 1, available: 0 }]);
    expect(await footprint(fleet)).toEqual(before);
  });

  it('replayed again with the same keys creates nothing and is answered the same', async () => {
    const before = await footprint(fleet);
    const { code, document } = await replay();
    expect([code, document.orders, document.totalAmount]).toEqual([
      0,
      { placed: 0, replayed: history.orders.length, failed: 0 },
      history.totalAmount,
    ]);
    expect(await footprint(fleet)).toEqual(before);
  }, 240_000);

  it('is replayed one order after the other in a world of its own, and comes to the same', async () => {
    const { url } = fleet.file();
    const key = await fleet.client.post<{ key: string }>('/api/api-keys', {
      name: 'replay',
      mode: 'test',
      permissions: ['orders:read', 'orders:write', 'inventory:write'],
    });
    const { code, document } = await commandWith<Replayed>(
      { FLOTILLA_API_KEY: key.body.key },
      ...['replay', history.directory, '--url', url, '--concurrency', '1'],
    );
    expect([code, document]).toMatchObject([
      0,
      { orders: { failed: 0 }, totalAmount: history.totalAmount, units: history.units },
    ]);
  }, 240_000);

  it('is found consistent by verify, and any row corrupted by hand is named', async () => {
    const clean = await verify(fleet);
    expect([clean.code, clean.document.violations]).toEqual([0, []]);
    expect(clean.document.checked['orders']).toBe(2 * history.orders.length);

    const [{ id, product_id }] = (await rows<{ id: string; product_id: string }>(
      fleet,
      'inventory',
      "SELECT p.sku AS id, s.product_id FROM stock s JOIN products p ON p.id = s.product_id WHERE on_hand > 0 AND p.mode = 'live' LIMIT 1",
    )) as [{ id: string; product_id: string }];
    await rows(
      fleet,
      'inventory',
      `UPDATE stock SET available = available + 1 WHERE product_id = '${product_id}'`,
    );
    const corrupted = await verify(fleet);
    expect([corrupted.code, corrupted.document.ok]).toEqual([1, false]);
    const named = corrupted.document.violations
      .map((violation) => `${violation.id} ${violation.detail}`)
      .join('\n');
    expect(named).toMatch(new RegExp(`${id}|${product_id}`));
    expect((await stockOf(fleet.client, id)).available).toBe(1);
  });
});
