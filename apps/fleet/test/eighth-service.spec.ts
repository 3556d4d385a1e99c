import { readFileSync } from 'node:fs';
import { newUuid } from '@flotilla/contracts/ids';
import { FulfillOrder } from '@flotilla/contracts/order-changes';
import { CancelOrder, type OrderAnswer, PlaceOrder } from '@flotilla/contracts/orders';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { eventually } from '@flotilla/testing/eventually';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { testService } from '@flotilla/testing/service';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bootstrap, migrations, Shipped } from '../../../docs/examples/shipped-units.js';
import { Operator } from '../src/operator.js';
import { openShop, type Shop } from './shop.js';

let shop: Shop;
let database: TestDatabase;
let eighth: RunningService | undefined;
let operator: Operator;

beforeAll(async () => {
  shop = await openShop();
  database = await testDatabase(migrations);
  operator = await Operator.connect(shop.nats.url);
}, 120_000);
afterAll(async () => {
  await operator?.close();
  await eighth?.close();
  await shop?.close();
  await database?.drop();
}, 60_000);

async function place(sku: string, quantity: number): Promise<OrderAnswer['order']> {
  const order = { items: [{ sku, quantity }] };
  const placed = await shop.ask(PlaceOrder, { idempotencyKey: newUuid(), order });
  return (placed as OrderAnswer).order;
}

const ship = (orderId: OrderAnswer['order']['id'], sku: string, quantity: number) =>
  shop.ask(FulfillOrder, {
    orderId,
    idempotencyKey: newUuid(),
    body: { items: [{ sku, quantity }] },
  });

const shipped = async (sku: string) => (await operator.call(Shipped, { sku })).units;
const start = () => testService(bootstrap, { database, nats: shop.nats });

it('the service of docs/eighth-service.md counts what was shipped, before it came and after, once', async () => {
  const sku = await shop.product(20);
  const [first, second] = [await place(sku, 5), await place(sku, 3)];
  await ship(first.id, sku, 2);
  eighth = await start();
  await eventually(async () => expect(await shipped(sku)).toBe(2), { timeoutMs: 30_000 });

  await eighth.close();
  await ship(first.id, sku, 3);
  await shop.ask(CancelOrder, { orderId: second.id });
  eighth = await start();
  await eventually(async () => expect(await shipped(sku)).toBe(5), { timeoutMs: 30_000 });
  const { rows } = await database.pool().query('SELECT 1 FROM dead_letters');
  expect(rows).toEqual([]);
}, 120_000);

it('its document shows the code that ran here', () => {
  const read = (path: string) =>
    readFileSync(new URL(`../../../docs/${path}`, import.meta.url), 'utf8');
  const code = read('examples/shipped-units.ts');
  expect(read('eighth-service.md')).toContain(`\`\`\`ts\n${code}\`\`\``);
});
