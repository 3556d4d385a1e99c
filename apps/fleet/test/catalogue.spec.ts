import { beforeAll, describe, expect, it } from '@jest/globals';
import type { MovementView, StockExplanation, StockView } from '@flotilla/contracts/inventory';
import type { OrderView } from '@flotilla/contracts/orders';
import type { Page } from '@flotilla/contracts/pages';
import type { ProductView } from '@flotilla/contracts/products';
import { type RunningFleet, sharedFleet } from '@flotilla/testing/fleet';
import type { HttpAnswer, HttpClient } from '@flotilla/testing/http-client';
import { placeOrder, type Problem, rows, stockOf, verify } from './actions.js';

let fleet: RunningFleet;
let client: HttpClient;
let products = 0;

beforeAll(async () => {
  fleet = await sharedFleet();
  client = fleet.client;
}, 150_000);

const API = '/api/v1';
const price = { amount: 1000, currency: 'EUR' };

/** A new product with ten units. */
async function created(more: object = {}): Promise<HttpAnswer<ProductView>> {
  const sku = `New-${(products += 1)}`;
  const body = { sku, name: `Product ${sku}`, price, initialStock: 10, ...more };
  return client.post<ProductView>(`${API}/products`, body);
}

function change<Answer = ProductView>(
  method: string,
  path: string,
  body?: object,
  headers?: Record<string, string>,
): Promise<HttpAnswer<Answer>> {
  return client.request<Answer>(method, API + path, { body, headers });
}

describe('a product', () => {
  it('is created where its answer says, with its first stock', async () => {
    const { status, headers, body } = await created({
      description: 'For tea',
      attributes: { colour: 'blue' },
    });

    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`${API}/products/${body.sku}`);
    expect(body).toMatchObject({
      description: 'For tea',
      attributes: { colour: 'blue' },
      status: 'active',
      available: 10,
      version: 1,
    });
    const read = await client.get<ProductView>(`${API}/products/${body.sku}`);
    expect(read.body).toEqual(body);
    expect(read.headers.get('etag')).toBe(headers.get('etag'));
    const { data } = (
      await client.get<Page<MovementView>>(`${API}/inventory/${body.sku}/movements`)
    ).body;
    expect(data).toMatchObject([{ type: 'receipt', onHandDelta: 10 }]);
  });

  it('is created once under an Idempotency-Key, and its SKU is nobody else’s', async () => {
    const body = { sku: 'Once-1', name: 'Once', price, initialStock: 3 };
    const key = { 'idempotency-key': 'create-once' };
    const first = await client.post<ProductView>(`${API}/products`, body, key);
    const again = await client.post<ProductView>(`${API}/products`, body, key);
    const other = await client.post<Problem>(`${API}/products`, { ...body, name: 'Other' }, key);
    const taken = await client.post<Problem>(`${API}/products`, { ...body, sku: 'ONCE-1' });

    expect([first.status, again.status, other.status, taken.status]).toEqual([201, 201, 422, 409]);
    expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body));
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect([other.body.code, taken.body.code]).toEqual(['idempotency-key-reuse', 'sku-taken']);
    expect(await stockOf(client, 'Once-1')).toMatchObject({ onHand: 3 });
  });

  it('is changed by those who have seen it as it is, and orders keep what they were promised', async () => {
    const { body, headers } = await created();
    const placed = await placeOrder(client, `keep-${body.sku}`, [{ sku: body.sku, quantity: 1 }]);
    const stale = { 'if-match': headers.get('etag')! };
    const fresh = {
      'if-match': (await client.get(`${API}/products/${body.sku}`)).headers.get('etag')!,
    };
    const dearer = { name: 'Dearer', price: { amount: 2000, currency: 'EUR' } };

    // Its availability is part of what was seen.
    const refused = await change<Problem>('PATCH', `/products/${body.sku}`, dearer, stale);
    const changed = await change('PATCH', `/products/${body.sku}`, dearer, fresh);
    const twice = await change<Problem>('PATCH', `/products/${body.sku}`, dearer, fresh);

    expect([refused.status, changed.status, twice.status]).toEqual([412, 200, 412]);
    expect(refused.body.code).toBe('precondition-failed');
    expect(changed.body).toMatchObject({ ...dearer, version: 2 });
    const order = await client.get<OrderView>(`${API}/orders/${placed.body.id}`);
    expect(order.body).toEqual(placed.body);
  });

  it('that is archived is sold no more, and can be brought back', async () => {
    const { sku } = (await created()).body;
    const order = (key: string) => placeOrder<Problem>(client, key, [{ sku, quantity: 1 }]);

    const archived = await change('DELETE', `/products/${sku}`);

    expect(archived).toMatchObject({ status: 200, body: { status: 'archived', version: 2 } });
    expect(await order(`archived-${sku}`)).toMatchObject({
      status: 422,
      body: { code: 'unknown-sku' },
    });
    expect((await change('PATCH', `/products/${sku}`, { status: 'active' })).status).toBe(200);
    expect((await order(`back-${sku}`)).status).toBe(201);
  });

  it.each([
    ['POST', '/products', { sku: 'bad sku', name: 'x', price }, 400, 'validation-failed'],
    ['POST', '/products', { sku: 'Bad-1', name: null, price }, 400, 'validation-failed'],
    ['POST', '/products', { sku: 'Bad-1', name: 'x', price, stock: 1 }, 400, 'validation-failed'],
    [
      'POST',
      '/products',
      { sku: 'Bad-1', name: 'x', price, attributes: { lowStockThreshold: 'low' } },
      400,
      'validation-failed',
    ],
    ['PATCH', '/products/Nobody-1', { name: 'x' }, 404, 'not-found'],
    ['DELETE', '/products/Nobody-1', undefined, 404, 'not-found'],
    ['PUT', '/inventory/Nobody-1', { onHand: 1, reason: 'x' }, 404, 'not-found'],
    ['POST', '/inventory/Nobody-1/adjustments', { delta: 1, reason: 'x' }, 404, 'not-found'],
    [
      'POST',
      '/inventory/Nobody-1/adjustments',
      { delta: 0, reason: 'x' },
      400,
      'validation-failed',
    ],
    ['POST', '/inventory/Nobody-1/adjustments', { delta: 1 }, 400, 'validation-failed'],
  ])('%s %s %j is refused', async (method, path, body, status, code) => {
    const answer = await change<Problem>(method, path, body);
    expect(answer).toMatchObject({ status, body: { code } });
  });
});

describe('stock', () => {
  it('is adjusted once per key and recounted, never below what is reserved, and explains itself', async () => {
    const { sku } = (await created()).body;
    const order = await placeOrder(client, `reserve-${sku}`, [{ sku, quantity: 4 }], {
      holdMinutes: 5,
    });
    const adjust = (delta: number, key: string) =>
      client.post<StockView & Problem>(
        `${API}/inventory/${sku}/adjustments`,
        { delta, reason: 'broken' },
        { 'idempotency-key': key },
      );

    const less = await adjust(-2, `less-${sku}`);
    const again = await adjust(-2, `less-${sku}`);
    const tooMuch = await adjust(-5, `much-${sku}`);
    const tooFew = await change<Problem>('PUT', `/inventory/${sku}`, { onHand: 3, reason: 'c' });
    const counted = await change<StockView>('PUT', `/inventory/${sku}`, { onHand: 4, reason: 'c' });

    expect([less, again, tooMuch, tooFew, counted].map(({ status }) => status)).toEqual([
      201, 201, 409, 409, 200,
    ]);
    expect(again.body).toEqual(less.body);
    expect(tooMuch.body).toMatchObject({
      code: 'insufficient-stock',
      lines: [{ sku, requested: 5, available: 4 }],
    });
    expect(counted.body).toMatchObject({ onHand: 4, reserved: 4, available: 0 });
    const explained = await client.get<StockExplanation>(`${API}/inventory/${sku}/explain`);
    expect(explained.body).toEqual({
      sku,
      onHand: 4,
      reserved: 4,
      available: 0,
      taking: [
        { orderId: order.body.id, quantity: 4, state: 'held', expiresAt: order.body.expiresAt },
      ],
    });
    const events = await rows<{ type: string }>(
      fleet,
      'inventory',
      `SELECT type FROM events WHERE subject = '${sku}' ORDER BY version`,
    );
    expect(events.map(({ type }) => type)).toEqual([
      'stock.adjusted',
      'stock.adjusted',
      'stock.low',
      'stock.adjusted',
    ]);
  });

  it('and all that was done above reconciles', async () => {
    expect((await verify(fleet)).document).toMatchObject({ ok: true, violations: [] });
  });
});
