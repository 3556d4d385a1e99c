import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import {
  demand,
  type InventoryStore,
  openStore,
  PAST,
  stocked,
} from '../../test/inventory-store.js';
import { migrations } from '../migrations.js';

const PRODUCTS = 200;
const ORDERS = 20_000;

let test: TestDatabase;
let store: InventoryStore;
let sku: string;

beforeAll(async () => {
  test = await testDatabase(migrations);
  store = await openStore(test.url);
  for (let nth = 0; nth < PRODUCTS; nth++) sku = await stocked(store, 100);
  await store.reservations.hold([demand({ [sku]: 1 }, { expiresAt: PAST })]);
  await sellOften();
});
afterAll(async () => {
  await store.close();
  await test.drop();
});

/** Orders of one product each, all of them still taking: half are sold, half are held for an hour. */
async function sellOften(): Promise<void> {
  const pool = test.pool();
  await pool.query(
    `INSERT INTO reservations (order_id, mode, request_hash, state, decided_at, expires_at)
     SELECT gen_random_uuid(), 'live', decode(repeat('11', 32), 'hex'),
       CASE nth % 2 WHEN 0 THEN 'held' ELSE 'committed' END, now(),
       CASE nth % 2 WHEN 0 THEN now() + interval '1 hour' END
     FROM generate_series(1, $1) AS nth`,
    [ORDERS],
  );
  await pool.query(`
    INSERT INTO reservation_lines
      (order_id, position, product_id, sku, name, quantity, unit_price_amount, unit_price_currency, taking)
    SELECT order_id, 0, id, sku, name, 1, price_amount, price_currency, 1
    FROM (SELECT *, row_number() OVER () AS nth FROM products) AS product
    JOIN (SELECT order_id, row_number() OVER () AS nth FROM reservations
          WHERE expires_at IS NULL OR expires_at > now()) AS placed
      ON placed.nth % ${PRODUCTS} + 1 = product.nth`);
  await pool.query('ANALYZE reservations, reservation_lines');
}

describe('what expired holds take is found by looking at no more than them, when', () => {
  it.each([
    ['a product is read', () => store.products.product({ mode: 'live', sku })],
    ['products are listed', () => store.products.products({ mode: 'live' })],
    ['stock is read', () => store.queries.stock({ mode: 'live', sku })],
    ['stock is held', () => store.reservations.hold([demand({ [sku]: 1 })])],
    ['expired holds are swept', () => store.reservations.releaseExpired(100)],
  ])('%s', async (_when, work) => {
    const plans = await store.plansOf(work);
    const looking = plans.filter((plan) => plan.includes('reservations_expiring'));

    expect(looking.length).toBeGreaterThan(0);
    for (const plan of looking) {
      expect(plan).not.toMatch(/Seq Scan on reservation/);
      // An index of all that the product's orders take is as long as those are many.
      expect(plan).not.toContain('reservation_lines_taking');
    }
  });
});

it('lines of the product that still take stock are looked at instead, while many holds have expired', async () => {
  await test.pool().query("UPDATE reservations SET expires_at = $1 WHERE state = 'held'", [PAST]);
  await test.pool().query('ANALYZE reservations');

  const [plan] = await store.plansOf(() => store.queries.stock({ mode: 'live', sku }));

  expect(plan).toContain('reservation_lines_taking');
});
