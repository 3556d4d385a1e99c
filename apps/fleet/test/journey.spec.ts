import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { MovementView } from '@flotilla/contracts/inventory';
import type { ProductView } from '@flotilla/contracts/products';
import { eventually } from '@flotilla/testing/eventually';
import { type RunningFleet, sharedFleet } from '@flotilla/testing/fleet';
import type { HttpClient } from '@flotilla/testing/http-client';
import {
  eventsOf,
  importCsv,
  placeOrder,
  type Problem,
  rows,
  stockOf,
  stockUp,
  verify,
} from './actions.js';
import { untilDecided } from './customers.js';

let fleet: RunningFleet;
let client: HttpClient;

beforeAll(async () => {
  fleet = await sharedFleet();
  client = fleet.client;
}, 150_000);

describe('from an import to an order', () => {
  it('sells what was imported, at the price it was imported with', async () => {
    const csv =
      'sku,name,price_amount,price_currency,on_hand\r\nMUG-1,"Mug, ""large""",1250,EUR,10\r\nTEA,Tea,399,EUR,100\r\n';
    expect((await importCsv(fleet, csv)).body).toEqual({ accepted: 2, rejected: 0, errors: [] });

    const items = [
      { sku: 'MUG-1', quantity: 2 },
      { sku: 'TEA', quantity: 3 },
    ];
    const metadata = { cart: 'c-17' };
    const placed = await placeOrder(client, 'journey-1', items, { metadata });
    expect(placed.status).toBe(201);
    const order = placed.body;
    expect(order).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'none',
      fulfillmentStatus: 'unfulfilled',
      currency: 'EUR',
      total: { amount: 2 * 1250 + 3 * 399, currency: 'EUR' },
      metadata,
      expiresAt: null,
      version: 1,
    });
    expect(order.items[0]).toEqual({
      sku: 'MUG-1',
      name: 'Mug, "large"',
      quantity: 2,
      unitPrice: { amount: 1250, currency: 'EUR' },
      total: { amount: 2500, currency: 'EUR' },
    });
    expect(placed.headers.get('location')).toMatch(new RegExp(`/orders/${order.id}$`));

    expect((await client.get(`/api/v1/orders/${order.id}`)).body).toEqual(order);
    expect(await eventsOf(client, order.id)).toMatchObject([
      { type: 'order.placed', version: 1, data: { total: order.total } },
    ]);
    expect(await stockOf(client, 'MUG-1')).toMatchObject({ onHand: 10, reserved: 2, available: 8 });
    const product = await client.get<ProductView>('/api/products/TEA');
    expect(product.body).toMatchObject({ available: 97, price: { amount: 399, currency: 'EUR' } });
  });

  it('answers a retry with the first response, byte for byte, and takes no more stock', async () => {
    await stockUp(fleet, { AGAIN: 5 });
    const metadata = { zebra: 1, a: { y: 1, x: [2.5, { b: null, a: 'é' }] } };
    const body = { items: [{ sku: 'AGAIN', quantity: 2 }], metadata };
    const send = () =>
      client.post<string>('/api/v1/orders', body, { 'idempotency-key': 'again', accept: '*/*' });
    const first = await send();
    const second = await send();
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(JSON.stringify(second.body)).toBe(JSON.stringify(first.body));
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(first.headers.has('idempotency-replayed')).toBe(false);
    expect((await stockOf(client, 'AGAIN')).available).toBe(3);
  });

  it('lets the key of an order that is too dear to count be used again', async () => {
    const priced = (amount: number) =>
      importCsv(
        fleet,
        `sku,name,price_amount,price_currency,on_hand\r\nGEM,Gem,${amount},EUR,5\r\n`,
      );
    const place = () => placeOrder<Problem>(client, 'gem', [{ sku: 'GEM', quantity: 2 }]);
    await priced(Number.MAX_SAFE_INTEGER);
    expect(await place()).toMatchObject({
      status: 400,
      body: { code: 'validation-failed', errors: [{ pointer: '/items' }] },
    });
    expect((await stockOf(client, 'GEM')).available).toBe(5);

    await priced(100);
    expect((await place()).status).toBe(201);
  });

  it('sells the last units once, whoever else asks at the same time', async () => {
    await stockUp(fleet, { LAST: 3 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        untilDecided(client, { key: `last-${n}`, items: [{ sku: 'LAST', quantity: 1 }] }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    const refused = answers
      .filter(({ status }) => status !== 201)
      .map(({ body }) => body as unknown as Problem);
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['insufficient-stock']));
    expect(refused[0]?.lines).toEqual([
      { sku: 'LAST', requested: 1, available: expect.any(Number) },
    ]);
    expect((await stockOf(client, 'LAST')).available).toBe(0);
  });

  it('holds stock for an order to be confirmed, and gives it back when it is cancelled', async () => {
    await stockUp(fleet, { HELD: 4 });
    const held = await placeOrder(client, 'held', [{ sku: 'HELD', quantity: 3 }], {
      holdMinutes: 10,
    });
    expect(held.body).toMatchObject({ status: 'pending', expiresAt: expect.any(String) });
    const confirmed = await client.post(`/api/v1/orders/${held.body.id}/confirm`, undefined);
    expect([confirmed.status, confirmed.body]).toMatchObject([
      200,
      { status: 'confirmed', version: 2 },
    ]);

    const cancelled = await client.post(`/api/v1/orders/${held.body.id}/cancel`, {
      reason: 'changed my mind',
    });
    expect(cancelled.body).toMatchObject({ status: 'cancelled', version: 3 });
    expect((await eventsOf(client, held.body.id)).map(({ version }) => version)).toEqual([1, 2, 3]);
    await eventually(async () => (await stockOf(client, 'HELD')).available === 4);
  });

  it('keeps a ledger whose entries sum to the level', async () => {
    await stockUp(fleet, { LEDGER: 20 });
    await placeOrder(client, 'ledger', [{ sku: 'LEDGER', quantity: 6 }]);
    const path = '/api/v1/inventory/LEDGER/movements';
    const { data } = (await client.get<{ data: MovementView[] }>(path)).body;
    const sum = (field: 'onHandDelta' | 'reservedDelta') =>
      data.reduce((total, one) => total + one[field], 0);
    expect([sum('onHandDelta'), sum('reservedDelta')]).toEqual([20, 6]);
  });

  it('is what the example of the SDK goes through', async () => {
    const example = fileURLToPath(new URL('../../../libs/sdk/examples/orders.ts', import.meta.url));
    const { url, apiKey } = fleet.file();
    const env = { ...process.env, FLOTILLA_URL: url, FLOTILLA_API_KEY: apiKey };
    const { stdout } = await promisify(execFile)(process.execPath, [example], { env });
    expect(stdout).toMatch(/: 25 EUR\nplaced once\nsold out\nit is confirmed\n$/);
  });

  it('lets every order reach the event feed once, and leaves every database consistent', async () => {
    const placed = await rows<{ id: string }>(
      fleet,
      'orders',
      "SELECT id FROM events WHERE type = 'order.placed'",
    );
    await eventually(async () => {
      const feed = await rows(
        fleet,
        'notifications',
        "SELECT 1 FROM feed WHERE envelope->>'type' = 'order.placed'",
      );
      return feed.length === placed.length;
    });
    const { code, document } = await verify(fleet);
    expect(document.violations).toEqual([]);
    expect([code, document.ok]).toEqual([0, true]);
  });
});
