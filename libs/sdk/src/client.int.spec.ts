import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answer, each, ProblemError } from './answers.js';
import { flotilla, type FlotillaOptions } from './client.js';

/** What the server does with a request: answers it, or hangs up. */
type Turn = { status: number; headers?: Record<string, string>; body?: unknown } | 'hang up';

const ORDER = { items: [{ sku: 'MUG', quantity: 1 }] };
const PRODUCT = { sku: 'MUG', name: 'Mug', price: { amount: 1, currency: 'EUR' } };
const DONE: Turn = { status: 201, body: { id: 'ord_1' } };
const problem = (status: number, code: string, headers?: Record<string, string>): Turn => ({
  status,
  headers,
  body: { code, status, detail: 'No.', requestId: 'r' },
});

let server: Server;
let url: string;
let turns: Turn[];
let heard: { request: IncomingMessage; body: string; at: number }[];

beforeEach(async () => {
  heard = [];
  server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  heard.push({ request, body: await text(request), at: performance.now() });
  const turn = turns.shift()!;
  if (turn === 'hang up') return void request.socket.destroy();
  response.writeHead(turn.status, { 'content-type': 'application/json', ...turn.headers });
  response.end(JSON.stringify(turn.body ?? {}));
}

const keys = () => heard.map(({ request }) => request.headers['idempotency-key']);
const client = (options: Partial<FlotillaOptions> = {}) =>
  flotilla({ url, apiKey: 'sk_test_1', ...options } as FlotillaOptions);
const place = (idempotencyKey = 'cart') =>
  answer(
    client().POST('/orders', {
      params: { header: { 'Idempotency-Key': idempotencyKey } },
      body: ORDER,
    }),
  );

describe('a request', () => {
  it('goes to version 2 with the key, or with a token that is good now', async () => {
    turns = [{ status: 200 }, { status: 200 }, { status: 200 }];
    await client().GET('/users/me');
    await client({ apiKey: undefined, accessToken: () => Promise.resolve('t') }).GET('/users/me');
    await client({ apiKey: undefined }).GET('/products');
    expect(heard.map(({ request }) => request.url)).toEqual([
      '/api/v2/users/me',
      '/api/v2/users/me',
      '/api/v2/products',
    ]);
    expect(heard.map(({ request }) => request.headers['x-api-key'])).toEqual([
      'sk_test_1',
      undefined,
      undefined,
    ]);
    expect(heard[1]!.request.headers.authorization).toBe('Bearer t');
  });

  it('is sent again as it was, under the same key, until it is answered for good', async () => {
    turns = [
      'hang up',
      problem(503, 'unavailable', { 'retry-after': '0' }),
      problem(409, 'idempotency-key-in-flight'),
      problem(504, 'deadline-exceeded'),
      DONE,
    ];
    expect(await place()).toEqual({ id: 'ord_1' });
    expect(keys()).toEqual(Array(5).fill('cart'));
    expect(new Set(heard.map(({ body }) => body))).toEqual(new Set([JSON.stringify(ORDER)]));
  });

  it('that creates something gets a key of its own, which stays the same', async () => {
    turns = ['hang up', DONE, DONE];
    await client().POST('/products', { body: PRODUCT });
    await client().POST('/products', { body: PRODUCT });
    const [first, second, other] = keys();
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  it('waits as long as Retry-After says', async () => {
    turns = [problem(429, 'rate-limited', { 'retry-after': '1' }), DONE];
    await place();
    expect(heard[1]!.at - heard[0]!.at).toBeGreaterThanOrEqual(1_000);
  });

  it('is given up on when that is longer than the caller waits', async () => {
    turns = [problem(429, 'quota-exhausted', { 'retry-after': '86400' })];
    await expect(place()).rejects.toMatchObject({ status: 429, code: 'quota-exhausted' });
  });

  it('is not sent again when that could do it twice', async () => {
    const rotate = () => client().PATCH('/users/me', { body: { firstName: 'Ada' } });
    turns = [problem(503, 'unavailable'), 'hang up', problem(429, 'rate-limited'), { status: 200 }];
    expect((await rotate()).response.status).toBe(503);
    await expect(rotate()).rejects.toThrow();
    expect((await rotate()).response.status).toBe(200);
    expect(turns).toEqual([]);
  });

  it('is sent as often as was agreed, and then what came last is the answer', async () => {
    turns = Array.from({ length: 3 }, () => problem(503, 'unavailable'));
    const { response } = await client({ retries: 2 }).GET('/products');
    expect(response.status).toBe(503);
    expect(turns).toEqual([]);
  });

  it('ends when it is aborted, also while it waits', async () => {
    turns = [problem(503, 'unavailable', { 'retry-after': '50' })];
    const signal = AbortSignal.timeout(200);
    await expect(client().GET('/products', { signal })).rejects.toThrow(/aborted due to timeout/);
  });
});

describe('answer', () => {
  it('throws what the API said', async () => {
    const lines = [{ sku: 'MUG', requested: 2, available: 1 }];
    turns = [{ status: 409, body: { code: 'insufficient-stock', detail: 'No.', lines } }];
    const error = await place().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ status: 409, code: 'insufficient-stock', problem: { lines } });
  });

  it('throws as well when something else than the API answered', async () => {
    turns = [{ status: 400, body: 'a proxy' }];
    await expect(place()).rejects.toMatchObject({ status: 400, code: undefined });
  });
});

describe('each', () => {
  it('gives a list to its end, and asks for no page before it is used', async () => {
    const page = (ids: string[], nextCursor: string | null): Turn => ({
      status: 200,
      body: { data: ids.map((id) => ({ id })), nextCursor },
    });
    turns = [page(['a', 'b'], 'x'), page([], 'y'), page(['c'], null)];
    const seen: string[] = [];
    const orders = each((cursor) => client().GET('/orders', { params: { query: { cursor } } }));
    for await (const { id } of orders) {
      if (id === 'b') expect(heard).toHaveLength(1);
      seen.push(id);
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(
      heard.map(({ request }) => new URL(request.url!, url).searchParams.get('cursor')),
    ).toEqual([null, 'x', 'y']);
  });
});
