import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningFleet, sharedFleet } from '@flotilla/testing/fleet';
import { type HttpAnswer, HttpClient } from '@flotilla/testing/http-client';
import { footprint, placeOrder, type Problem, send, stockUp } from './actions.js';

let fleet: RunningFleet;
let client: HttpClient;
let before: unknown;

beforeAll(async () => {
  fleet = await sharedFleet();
  client = fleet.client;
  await stockUp(fleet, { GOOD: 10 });
  await placeOrder(client, 'used', [{ sku: 'GOOD', quantity: 1 }]);
  before = await footprint(fleet);
}, 150_000);

const line = { sku: 'GOOD', quantity: 1 };
const json = (body: unknown, headers: Record<string, string> = {}) =>
  client.post<Problem>('/api/v1/orders', body, { 'idempotency-key': 'bad', ...headers });
const raw = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
  send<Problem>(fleet, '/api/v1/orders', type, body, { 'idempotency-key': 'bad' });
const anonymous = () => new HttpClient(fleet.file().url);

/** What is asked, the status and code it must answer with and, where fields are to blame, the pointers to them. */
const cases: [string, () => Promise<HttpAnswer<Problem>>, number, string, string[]?][] = [
  ['malformed JSON', () => raw('{"items": ['), 400, 'malformed-json'],
  ['no body', () => raw(''), 400, 'validation-failed'],
  ['an array for a body', () => json([line]), 400, 'validation-failed'],
  [
    'an unknown field',
    () => json({ items: [line], price: 1 }),
    400,
    'validation-failed',
    ['/price'],
  ],
  [
    'an unknown field within',
    () => json({ items: [{ ...line, price: 1 }] }),
    400,
    'validation-failed',
    ['/items/0/price'],
  ],
  [
    'a field of another type',
    () => json({ items: [{ sku: 7, quantity: '1' }] }),
    400,
    'validation-failed',
    ['/items/0/quantity', '/items/0/sku'],
  ],
  [
    'another content type',
    () => raw('items=1', 'application/x-www-form-urlencoded'),
    415,
    'unsupported-media-type',
  ],
  [
    'a body that is too large',
    () => json({ items: [line], metadata: { blob: 'x'.repeat(300_000) } }),
    413,
    'payload-too-large',
  ],
  [
    'metadata of more than 16 KiB',
    () => json({ items: [line], metadata: { blob: 'x'.repeat(16_384) } }),
    400,
    'validation-failed',
    ['/metadata'],
  ],
  [
    'an unknown SKU',
    () => json({ items: [line, { sku: 'NOPE', quantity: 1 }] }),
    422,
    'unknown-sku',
    ['/items/1/sku'],
  ],
  ['no lines', () => json({ items: [] }), 400, 'validation-failed', ['/items']],
  [
    '101 lines',
    () => json({ items: Array.from({ length: 101 }, () => line) }),
    400,
    'validation-failed',
    ['/items'],
  ],
  ...[0, -1, 1.5, 1e9, null].map((quantity): (typeof cases)[number] => [
    `a quantity of ${quantity}`,
    () => json({ items: [{ sku: 'GOOD', quantity }] }),
    400,
    'validation-failed',
    ['/items/0/quantity'],
  ]),
  [
    'lines that add up to too many',
    () =>
      json({
        items: [
          { sku: 'GOOD', quantity: 9_999 },
          { sku: 'good', quantity: 2 },
        ],
      }),
    400,
    'validation-failed',
  ],
  [
    'a NUL in a text',
    () => json({ items: [line], metadata: { note: 'a\u0000b' } }),
    400,
    'validation-failed',
  ],
  [
    'more than there is',
    () => json({ items: [{ sku: 'GOOD', quantity: 50 }] }),
    409,
    'insufficient-stock',
  ],
  [
    'no idempotency key',
    () => client.post<Problem>('/api/v1/orders', { items: [line] }),
    400,
    'idempotency-key-required',
  ],
  [
    'an idempotency key of another order',
    () => json({ items: [{ ...line, quantity: 2 }] }, { 'idempotency-key': 'used' }),
    422,
    'idempotency-key-reuse',
  ],
  [
    'an idempotency key that is too long',
    () => json({ items: [line] }, { 'idempotency-key': 'k'.repeat(256) }),
    400,
    'validation-failed',
  ],
  [
    'an unknown version in the path',
    () => client.get<Problem>('/api/v9/orders'),
    400,
    'unsupported-api-version',
  ],
  [
    'an unknown version in the header',
    () => client.get<Problem>('/api/orders', { 'api-version': '01' }),
    400,
    'unsupported-api-version',
  ],
  ['an unknown route', () => client.get<Problem>('/api/v1/nothing-here'), 404, 'not-found'],
  [
    'a wrong method',
    () => client.request<Problem>('PUT', '/api/v1/orders'),
    405,
    'method-not-allowed',
  ],
  [
    'an unknown order',
    () => client.get<Problem>('/api/v1/orders/ord_01m82wtkq3fkwt5290syewpnva'),
    404,
    'not-found',
  ],
  ['a malformed order id', () => client.get<Problem>('/api/v1/orders/17'), 404, 'not-found'],
  ['no credential', () => anonymous().get<Problem>('/api/v1/orders'), 401, 'unauthenticated'],
  [
    'a credential that is none',
    () => anonymous().get<Problem>('/api/v1/orders', { 'x-api-key': 'sk_live_nonsense' }),
    401,
    'unauthenticated',
  ],
  [
    'a credential in the query',
    () => client.get<Problem>('/api/v1/orders?api_key=x'),
    400,
    'validation-failed',
  ],
  [
    'a bad cursor',
    () => client.get<Problem>('/api/v1/orders?cursor=!'),
    400,
    'validation-failed',
    ['/cursor'],
  ],
  [
    'a limit beyond the largest',
    () => client.get<Problem>('/api/v1/orders?limit=101'),
    400,
    'validation-failed',
    ['/limit'],
  ],
];

describe('a bad request', () => {
  it.each(cases)(
    'with %s is a problem of the contract',
    async (...[, ask, status, code, pointers]) => {
      const answer = await ask();
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.headers.get('x-request-id')).toBe(answer.body.requestId);
      expect(answer.headers.get('vary')).toMatch(/API-Version/i);
      expect(Object.keys(answer.body)).toEqual(
        expect.arrayContaining(['type', 'title', 'status', 'detail', 'code', 'requestId']),
      );
      expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|SELECT |\.js:\d/);
      if (pointers)
        expect(answer.body.errors?.map(({ pointer }) => pointer).sort()).toEqual(pointers);
    },
  );

  it('writes nothing', async () => {
    expect(await footprint(fleet)).toEqual(before);
  });

  it('leaves its idempotency key free for a good one', async () => {
    expect((await placeOrder(client, 'bad', [line])).status).toBe(201);
  });
});
