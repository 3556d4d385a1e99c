import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ERRORS } from '@flotilla/contracts/errors';
import type { OrderView } from '@flotilla/contracts/orders';
import { eventually } from '@flotilla/testing/eventually';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { type HttpAnswer, HttpClient } from '@flotilla/testing/http-client';
import { footprint, placeOrder, type Problem, rows, stockOf, stockUp } from './actions.js';
import { lockedStock } from './locked-stock.js';

const EUR = (amount: number) => ({ amount, currency: 'EUR' });
const CUPS = { sku: 'CUP', quantity: 2 };

let fleet: TestFleet;
let client: HttpClient;
/** Two cups at 20.00 EUR: confirmed; waiting; past its end, with its units on the shelf again; cancelled; shipped. */
let sold: OrderView, pending: OrderView, late: OrderView, cancelled: OrderView, shipped: OrderView;
/** Who may read orders, and nothing else. */
let reader: HttpClient;
let before: unknown;

beforeAll(async () => {
  fleet = await testFleet();
  client = fleet.client;
  await stockUp(fleet, { CUP: 20 });
  const place = async (key: string, more: object = {}) =>
    (await placeOrder(client, key, [CUPS], more)).body;
  sold = await place('sold');
  pending = await place('pending', { holdMinutes: 60 });
  late = await place('late', { holdMinutes: 60 });
  cancelled = await place('cancelled');
  shipped = await place('shipped');
  await client.post(`/api/orders/${cancelled.id}/cancel`, {});
  await client.post(`/api/orders/${shipped.id}/fulfillments`, {});
  await client.post(`/api/orders/${shipped.id}/payments`, { amount: EUR(500), reference: 'bank' });
  const name = { name: 'reader', mode: 'live', permissions: ['orders:read'] };
  const { body } = await client.post<{ key: string }>('/api/api-keys', name);
  reader = new HttpClient(fleet.file().url, { 'x-api-key': body.key });
  await endHold(late);
  before = await footprint(fleet);
}, 150_000);
afterAll(() => fleet?.stop());

/** The end of a hold, told to inventory alone, and its sweep: an hour is too long for a test. */
async function endHold(order: OrderView): Promise<void> {
  const uuid = `(SELECT order_id FROM reservations WHERE expires_at = '${order.expiresAt}')`;
  await rows(
    fleet,
    'inventory',
    `UPDATE reservations SET expires_at = now() WHERE order_id = ${uuid}`,
  );
  await eventually(async () => expect((await stockOf(client, 'CUP')).reserved).toBe(4));
  await eventually(async () => {
    const held = "SELECT 1 FROM reservations WHERE state = 'held' AND expires_at < now()";
    expect(await rows(fleet, 'inventory', held)).toEqual([]);
  });
}

type Ask = () => Promise<HttpAnswer<Problem>>;
const post =
  (path: () => string, body?: object, headers?: Record<string, string>): Ask =>
  () =>
    client.post<Problem>(`/api${path()}`, body, headers);
const on = (order: () => OrderView, what: string, body?: object) =>
  post(() => `/orders/${order().id}/${what}`, body);
const asked =
  (method: string, path: string, body?: object, headers?: Record<string, string>): Ask =>
  () =>
    client.request<Problem>(method, `/api${path}`, { body, headers });
const one = { items: [{ sku: 'CUP', quantity: 1 }] };
const STALE = { 'if-match': '"stale"' };
const by = (who: () => HttpClient, path: () => string, body: object) => () =>
  who().post<Problem>(`/api${path()}`, body, { 'idempotency-key': 'by' });

const cases: [string, Ask, number, string][] = [
  ['confirming what is past its end', on(() => late, 'confirm'), 410, 'hold-expired'],
  ['confirming what is cancelled', on(() => cancelled, 'confirm'), 409, 'illegal-transition'],
  ['cancelling what is shipped', on(() => shipped, 'cancel'), 409, 'illegal-transition'],
  ['shipping what waits', on(() => pending, 'fulfillments', {}), 409, 'illegal-transition'],
  [
    'shipping what is cancelled',
    on(() => cancelled, 'fulfillments', {}),
    409,
    'illegal-transition',
  ],
  ['shipping what is shipped', on(() => shipped, 'fulfillments', {}), 409, 'illegal-transition'],
  ['shipping one more', on(() => shipped, 'fulfillments', one), 409, 'quantity-exceeded'],
  [
    'returning what waits',
    on(() => pending, 'returns', { ...one, restock: true }),
    409,
    'illegal-transition',
  ],
  [
    'returning what was not shipped',
    on(() => sold, 'returns', { ...one, restock: true }),
    409,
    'quantity-exceeded',
  ],
  [
    'shipping another product',
    on(() => sold, 'fulfillments', { items: [{ sku: 'POT', quantity: 1 }] }),
    422,
    'unknown-sku',
  ],
  [
    'paying more than the total',
    on(() => sold, 'payments', { amount: EUR(2001), reference: 'x' }),
    409,
    'amount-exceeded',
  ],
  [
    'paying more than is left of it',
    on(() => shipped, 'payments', { amount: EUR(1501), reference: 'x' }),
    409,
    'amount-exceeded',
  ],
  [
    'paying nothing',
    on(() => sold, 'payments', { amount: EUR(0), reference: 'x' }),
    400,
    'validation-failed',
  ],
  [
    'paying in another currency',
    on(() => sold, 'payments', { amount: { amount: 1, currency: 'USD' }, reference: 'x' }),
    400,
    'validation-failed',
  ],
  [
    'refunding more than was paid',
    on(() => shipped, 'refunds', { amount: EUR(501), reason: 'x' }),
    409,
    'amount-exceeded',
  ],
  [
    'a price in no currency',
    post(() => '/products', { sku: 'NEW', name: 'x', price: { amount: 1, currency: 'ABC' } }),
    400,
    'validation-failed',
  ],
  [
    'a SKU that is taken, in small letters',
    post(() => '/products', { sku: 'cup', name: 'x', price: EUR(1) }),
    409,
    'sku-taken',
  ],
  [
    'changing what has changed',
    asked('PATCH', '/products/CUP', { name: 'x' }, STALE),
    412,
    'precondition-failed',
  ],
  [
    'archiving what has changed',
    asked('DELETE', '/products/CUP', undefined, STALE),
    412,
    'precondition-failed',
  ],
  [
    'recounting what has changed',
    asked('PUT', '/inventory/CUP', { onHand: 50, reason: 'x' }, STALE),
    412,
    'precondition-failed',
  ],
  [
    'counting less than is reserved',
    asked('PUT', '/inventory/CUP', { onHand: 3, reason: 'x' }),
    409,
    'insufficient-stock',
  ],
  [
    'taking away what is reserved',
    post(() => '/inventory/CUP/adjustments', { delta: -15, reason: 'x' }),
    409,
    'insufficient-stock',
  ],
  [
    'an adjustment without a reason',
    post(() => '/inventory/CUP/adjustments', { delta: 1 }),
    400,
    'validation-failed',
  ],
  ['a product that there is not', asked('PATCH', '/products/POT', { name: 'x' }), 404, 'not-found'],
  ['an address below a product', asked('GET', '/inventory/CUP/nothing'), 404, 'not-found'],
  ['deleting stock', asked('DELETE', '/inventory/CUP'), 405, 'method-not-allowed'],
  [
    'an import of something else',
    asked('POST', '/inventory/import', { sku: 'x' }),
    415,
    'unsupported-media-type',
  ],
  [
    'placing without the permission',
    by(
      () => reader,
      () => '/orders',
      { items: [CUPS] },
    ),
    403,
    'insufficient-permission',
  ],
  [
    'paying without the permission',
    by(
      () => reader,
      () => `/orders/${sold.id}/payments`,
      { amount: EUR(1), reference: 'x' },
    ),
    403,
    'insufficient-permission',
  ],
  [
    'creating without a credential',
    by(
      () => new HttpClient(fleet.file().url),
      () => '/products',
      {},
    ),
    401,
    'unauthenticated',
  ],
];

describe('refused is', () => {
  it.each(cases)('%s', async (_what, ask, status, code) => {
    const answer = await ask();
    expect([answer.status, answer.body.code, answer.body.status]).toEqual([status, code, status]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('a second request while the first one under its key is running', async () => {
    const stock = await lockedStock(fleet, 'CUP');
    const first = placeOrder(client, 'twice', [CUPS]);
    await stock.isWantedBy(1);
    const second = await placeOrder<Problem>(client, 'twice', [CUPS]);
    await stock.release();
    expect([second.status, second.body.code]).toEqual([409, 'idempotency-key-in-flight']);
    const { status, body } = await first;
    expect(status).toBe(201);
    await client.post(`/api/orders/${body.id}/cancel`, {});
    before = await footprint(fleet);
  });

  it('an order for which there was no time, and its key may be tried again', async () => {
    const stock = await lockedStock(fleet, 'CUP');
    const refused = await placeOrder<Problem>(client, 'slow', [CUPS]);
    expect(await footprint(fleet)).toEqual(before);
    await stock.release();
    expect([503, 504]).toContain(refused.status);
    expect(['unavailable', 'deadline-exceeded']).toContain(refused.body.code);
    const { status, body } = await placeOrder(client, 'slow', [CUPS]);
    expect(status).toBe(201);
    await client.post(`/api/orders/${body.id}/cancel`, {});
    before = await footprint(fleet);
  });

  it('and nothing of all this was written', async () => {
    expect(await footprint(fleet)).toEqual(before);
  });
});

/** What the edge refuses by itself, and faults: the gateway's own tests reach them. */
const OF_THE_EDGE = [
  'address-not-allowed',
  'internal',
  'quota-exhausted',
  'rate-limited',
  'request-timeout',
];

/** As the API document names them at the routes of orders and inventory. */
function documentedCodes(): string[] {
  const file = new URL('../../../docs/api/openapi-v1.json', import.meta.url);
  const { paths } = JSON.parse(readFileSync(file, 'utf8')) as { paths: Record<string, unknown> };
  const ours = Object.entries(paths).filter(([path]) =>
    /^\/(orders|products|inventory)/.test(path),
  );
  const named = JSON.stringify(ours).matchAll(/#\/components\/responses\/([a-z0-9.-]+)/g);
  const codes = new Set([...named].flatMap(([, name]) => name!.split('.')));
  return [...codes].filter((code) => code in ERRORS && !OF_THE_EDGE.includes(code));
}

it('every code that the API document names for orders and stock is expected by a journey', () => {
  const directory = fileURLToPath(new URL('.', import.meta.url));
  const journeys = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.spec.ts'))
    .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
    .join('\n');
  expect(documentedCodes().length).toBeGreaterThan(15);
  expect(documentedCodes().filter((code) => !journeys.includes(`'${code}'`))).toEqual([]);
});
