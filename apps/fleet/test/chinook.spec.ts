import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { command, footprint, placeOrder, type Problem, rows, stockOf, verify } from './actions.js';

/** A trade history that nobody here wrote; where it is absent, this is skipped. */
const HISTORY = resolve(
  process.env['CHINOOK_DIR'] ??
    fileURLToPath(new URL('../../../../shared/data/chinook', import.meta.url)),
);
const present = existsSync(join(HISTORY, 'orders.ndjson'));
if (!present) process.stderr.write(`skipped: there is no trade history in ${HISTORY}\n`);

interface Replayed {
  imported: number;
  orders: { placed: number; replayed: number; failed: number };
  totalAmount: number;
  units: number;
}

const replay = (fleet: TestFleet, ...args: string[]) =>
  command<Replayed>('replay', HISTORY, '--data', fleet.directory, ...args);

(present ? describe : describe.skip)('the Chinook trade history', () => {
  let fleet: TestFleet;
  beforeAll(async () => {
    fleet = await testFleet();
  }, 150_000);
  afterAll(() => fleet?.stop(), 60_000);

  it('is replayed concurrently: every order confirmed, every total as recorded, everything sold', async () => {
    const { code, document } = await replay(fleet, '--concurrency', '32');
    expect(document).toMatchObject({
      imported: 3503,
      orders: { placed: 412, replayed: 0, failed: 0 },
      totalAmount: 232_860,
      units: 2_240,
    });
    expect(code).toBe(0);
    const [left] = await rows(
      fleet,
      'inventory',
      'SELECT sum(available)::int AS available FROM stock',
    );
    expect(left).toEqual({ available: 0 });
  }, 240_000);

  it('leaves nothing of a sold-out product for one more order', async () => {
    const before = await footprint(fleet);
    const sku = (
      JSON.parse(readFileSync(join(HISTORY, 'orders.ndjson'), 'utf8').split('\n')[0]!) as {
        items: { sku: string }[];
      }
    ).items[0]!.sku;
    const answer = await placeOrder<Problem>(fleet.client, 'one-more', [{ sku, quantity: 1 }]);
    expect([answer.status, answer.body.code]).toEqual([409, 'insufficient-stock']);
    expect(answer.body.lines).toEqual([{ sku, requested: 1, available: 0 }]);
    expect(await footprint(fleet)).toEqual(before);
  });

  it('replayed again with the same keys creates nothing and is answered the same', async () => {
    const before = await footprint(fleet);
    const { code, document } = await replay(fleet);
    expect([code, document.orders, document.totalAmount]).toEqual([
      0,
      { placed: 0, replayed: 412, failed: 0 },
      232_860,
    ]);
    expect(await footprint(fleet)).toEqual(before);
  }, 240_000);

  it('is found consistent by verify, and any row corrupted by hand is named', async () => {
    const clean = await verify(fleet);
    expect([clean.code, clean.document.violations]).toEqual([0, []]);
    expect(clean.document.checked['orders']).toBe(412);

    const [{ id, product_id }] = (await rows<{ id: string; product_id: string }>(
      fleet,
      'inventory',
      'SELECT p.sku AS id, s.product_id FROM stock s JOIN products p ON p.id = s.product_id WHERE on_hand > 0 LIMIT 1',
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
  }, 120_000);
});
