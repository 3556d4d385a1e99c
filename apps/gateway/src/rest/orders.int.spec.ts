import { AppError, type ErrorCode, notFound } from '@flotilla/contracts/errors';
import {
  CancelOrder,
  ConfirmOrder,
  GetOrder,
  GetOrderEvents,
  ListOrders,
  PlaceOrder,
  type PlaceOrderBody,
} from '@flotilla/contracts/orders';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewayUnderTest, gatewayUnderTest } from '../../test/gateway-under-test.js';
import { ORDER } from '../../test/order.js';

const BODY = { items: [{ sku: 'NUT', quantity: 2 }] };
const JSON_TYPE = { 'content-type': 'application/json' };

let gateway: GatewayUnderTest;
let key: string;
const keysSeen = new Set<string>();
let lastRequest: unknown;
let refusal: AppError | undefined;
beforeAll(async () => {
  gateway = await gatewayUnderTest();
  key = gateway.key();
  await gateway.services.answer(PlaceOrder, (request) => {
    lastRequest = request;
    const { idempotencyKey, order } = request;
    if (order.items[0]!.sku === 'NONE') throw unknownSku();
    const replayed = keysSeen.has(idempotencyKey);
    if (replayed && order.holdMinutes) throw new AppError('idempotency-key-reuse', 'Another body.');
    keysSeen.add(idempotencyKey);
    return { order: ORDER, replayed };
  });
  await gateway.services.answer(GetOrder, ({ orderId }) => {
    if (refusal) throw refusal;
    if (orderId !== ORDER.id) throw notFound('order');
    return ORDER;
  });
  await gateway.services.answer(GetOrderEvents, () => ({ data: [] }));
  await gateway.services.answer(ListOrders, (request) => {
    lastRequest = request;
    return { data: [ORDER], nextCursor: 'next', cursors: ['c'] };
  });
  await gateway.services.answer(ConfirmOrder, () => ORDER);
  await gateway.services.answer(CancelOrder, (request) => {
    lastRequest = request;
    return { ...ORDER, status: 'cancelled', version: 2 };
  });
});
afterAll(() => gateway.close());

describe('POST /orders', () => {
  it('answers 201 with the order, where it is, and its tag', async () => {
    const response = await place(BODY, 'first', '/api/v2/orders');
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`/api/v2/orders/${ORDER.id}`);
    expect(response.headers.get('idempotency-replayed')).toBeNull();
    expect(await response.json()).toEqual(ORDER);
    expect(lastRequest).toEqual({ idempotencyKey: 'first', order: BODY });
    const found = await gateway.fetch(response.headers.get('location')!, { key });
    expect(found.headers.get('etag')).toBe(response.headers.get('etag'));
  });

  it('answers a repetition with the same bytes, and says that it is one', async () => {
    const first = await place(BODY, 'again');
    const second = await place(BODY, 'again');
    expect(second.status).toBe(201);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(Buffer.from(await second.arrayBuffer())).toEqual(Buffer.from(await first.arrayBuffer()));
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
  });

  it('passes on why a service refuses', async () => {
    await place(BODY, 'reused');
    const reused = await place({ ...BODY, holdMinutes: 5 }, 'reused');
    expect(await reused.json()).toMatchObject({ status: 422, code: 'idempotency-key-reuse' });
    const unknown = await place({ items: [{ sku: 'NONE', quantity: 1 }] });
    expect(await unknown.json()).toMatchObject({
      status: 422,
      code: 'unknown-sku',
      errors: [{ pointer: '/items/0/sku' }],
    });
  });

  it.each([
    ['nothing', '', 'idempotency-key-required'],
    ['256 characters', 'x'.repeat(256), 'validation-failed'],
    ['a space', 'a b', 'validation-failed'],
    ['what is not ASCII', 'ä', 'validation-failed'],
  ])('refuses an idempotency key of %s', async (_, idempotencyKey, code) => {
    expect(await (await place(BODY, idempotencyKey)).json()).toMatchObject({ status: 400, code });
  });

  it('demands an idempotency key', async () => {
    const body = JSON.stringify(BODY);
    const response = await gateway.fetch('/api/orders', {
      method: 'POST',
      key,
      headers: JSON_TYPE,
      body,
    });
    expect(await response.json()).toMatchObject({ status: 400, code: 'idempotency-key-required' });
  });

  it.each([
    ['1.5', 'int'],
    ['"1"', 'int'],
    ['1e9', 'max'],
    ['10001', 'max'],
    ['0', 'min'],
    ['-1', 'min'],
    ['null', 'int'],
    ['true', 'int'],
    ['[1]', 'int'],
    ['1e400', 'number'],
  ])('refuses the quantity %s and points at it', async (quantity, code) => {
    const response = await placeText(`{"items":[{"sku":"NUT","quantity":${quantity}}]}`);
    const { status, errors } = (await response.json()) as { status: number; errors: unknown[] };
    expect(status).toBe(400);
    expect(errors).toContainEqual(expect.objectContaining({ pointer: '/items/0/quantity', code }));
  });

  it.each([
    ['{"items":[{"sku":"NUT","quantity":1,"price":5}]}', '/items/0/price', 'unknown-field'],
    ['{"items":[{"sku":"NUT","quantity":1}],"a/b":1}', '/a~1b', 'unknown-field'],
    ['{"items":[]}', '/items', 'array-min-size'],
    ['{}', '/items', 'array'],
    ['{"items":{"sku":"NUT","quantity":1}}', '/items', 'array'],
    ['{"items":[[{"sku":"NUT","quantity":1}]]}', '/items', 'object'],
    ['{"items":[null]}', '/items', 'object'],
    ['{"items":[{"sku":"no good","quantity":1}]}', '/items/0/sku', 'matches'],
    ['{"items":[{"sku":"NUT","quantity":1}],"holdMinutes":1441}', '/holdMinutes', 'max'],
    ['{"items":[{"sku":"NUT","quantity":1}],"shippingAddress":[]}', '/shippingAddress', 'object'],
    ['{"items":[{"sku":"NUT","quantity":1}],"metadata":{"x":"\\u0000"}}', '/metadata/x', 'nul'],
    [
      '{"items":[{"sku":"NUT","quantity":1}],"metadata":{"__proto__":1}}',
      '/metadata/__proto__',
      'forbidden',
    ],
    [
      '{"items":[{"sku":"NUT","quantity":1}],"metadata":{"n":9007199254740993}}',
      '/metadata/n',
      'number',
    ],
    ['{"items":[{"sku":"NUT","quantity":1}],"constructor":1}', '/constructor', 'forbidden'],
    ['{"items":[{"sku":"NUT","quantity":1}],"prototype":1}', '/prototype', 'unknown-field'],
    ['{"items":[{"sku":"NUT","quantity":1}],"__proto__":{"a":1}}', '/__proto__', 'forbidden'],
    ['[]', '', 'object'],
    ['null', '', 'object'],
    ['', '/items', 'array'],
  ])('refuses %s and points at %j', async (text, pointer, code) => {
    const problem = (await (await placeText(text)).json()) as { errors: unknown[] };
    expect(problem).toMatchObject({ status: 400, code: 'validation-failed' });
    expect(problem.errors).toContainEqual(expect.objectContaining({ pointer, code }));
  });

  it('passes metadata on as it came, whatever the names in it', async () => {
    const metadata = '{"constructor":{"prototype":1},"prototype":{"constructor":null},"a":0.1}';
    const body = `{"items":[{"sku":"NUT","quantity":1}],"metadata":${metadata}}`;
    expect((await placeText(body)).status).toBe(201);
    expect(JSON.stringify((lastRequest as { order: PlaceOrderBody }).order.metadata)).toBe(
      metadata,
    );
  });

  it('takes 100 lines and refuses 101', async () => {
    const lines = (count: number) => ({
      items: Array.from({ length: count }, (_, at) => ({ sku: `S${at}`, quantity: 1 })),
    });
    expect((await place(lines(100))).status).toBe(201);
    expect(await (await place(lines(101))).json()).toMatchObject({
      code: 'validation-failed',
      errors: [{ pointer: '/items', code: 'array-max-size' }],
    });
  });

  it.each([
    ['{"items":', JSON_TYPE, 400, 'malformed-json'],
    ['{"items":1}', { 'content-type': 'text/plain' }, 415, 'unsupported-media-type'],
    [
      'items=1',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported-media-type',
    ],
    ['sku', { 'content-type': 'text/csv' }, 415, 'unsupported-media-type'],
    ['{}', { 'content-type': 'nonsense' }, 415, 'unsupported-media-type'],
    ['{}', { ...JSON_TYPE, 'content-encoding': 'gzip' }, 415, 'unsupported-media-type'],
    ['{}', { 'content-type': 'application/json;charset=utf-16' }, 415, 'unsupported-media-type'],
    ['{', { 'content-type': 'Application/JSON; Charset="UTF-8"' }, 400, 'malformed-json'],
  ] as const)('answers %s sent as %j with %d', async (text, headers, status, code) => {
    const response = await placeText(text, headers as Record<string, string>);
    expect(await response.json()).toMatchObject({ status, code });
  });
});

describe('a body beyond 256 KiB', () => {
  it('is 413', async () => {
    const response = await placeText(`{"x":"${'x'.repeat(262_144)}"}`);
    expect(await response.json()).toMatchObject({ status: 413, code: 'payload-too-large' });
  });
});

describe('GET /orders', () => {
  it('passes on what was asked for, as numbers where they are numbers', async () => {
    const response = await gateway.fetch('/api/orders?limit=5&status=pending&cursor=abc', { key });
    expect(await response.json()).toEqual({ data: [ORDER], nextCursor: 'next' });
    expect(lastRequest).toEqual({ limit: 5, status: 'pending', cursor: 'abc' });
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=101', '/limit'],
    ['limit=1e1', '/limit'],
    ['limit=', '/limit'],
    ['limit=1&limit=2', '/limit'],
    ['status=lost', '/status'],
    ['cursor=%00', '/cursor'],
    ['colour=red', '/colour'],
    ['__proto__=1', '/__proto__'],
    ['constructor=1', '/constructor'],
    ['prototype=1', '/prototype'],
  ])('refuses ?%s', async (query, pointer) => {
    const response = await gateway.fetch(`/api/orders?${query}`, { key });
    const { errors } = (await response.json()) as { errors: unknown[] };
    expect(response.status).toBe(400);
    expect(errors).toContainEqual(expect.objectContaining({ pointer }));
  });
});

describe('one order', () => {
  it('that is not there, malformed id or not, is 404', async () => {
    for (const id of ['ord_01h455vb4pex5vsknk084sn02r', 'nonsense', '%00']) {
      const response = await gateway.fetch(`/api/orders/${id}`, { key });
      expect(await response.json()).toMatchObject({ status: 404, code: 'not-found' });
    }
  });

  it('shows its events', async () => {
    const response = await gateway.fetch(`/api/orders/${ORDER.id}/events`, { key });
    expect(await response.json()).toEqual({ data: [] });
  });

  it.each([
    [undefined, {}],
    ['', JSON_TYPE],
    ['{}', JSON_TYPE],
  ])('is confirmed by a body of %j', async (body, headers) => {
    const response = await gateway.fetch(`/api/orders/${ORDER.id}/confirm`, {
      method: 'POST',
      key,
      headers: headers as Record<string, string>,
      body,
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toMatch(/^"/);
    expect(await response.json()).toEqual(ORDER);
  });

  it('is not confirmed by a body that wants something', async () => {
    const response = await gateway.fetch(`/api/orders/${ORDER.id}/confirm`, {
      method: 'POST',
      key,
      headers: JSON_TYPE,
      body: '{"items":[]}',
    });
    expect(await response.json()).toMatchObject({ status: 400, errors: [{ pointer: '/items' }] });
  });

  it('is cancelled, with or without a reason', async () => {
    const path = `/api/orders/${ORDER.id}/cancel`;
    const body = '{"reason":"too many"}';
    const response = await gateway.fetch(path, { method: 'POST', key, headers: JSON_TYPE, body });
    expect(await response.json()).toMatchObject({ status: 'cancelled' });
    expect(lastRequest).toEqual({ orderId: ORDER.id, reason: 'too many' });
    expect((await gateway.fetch(path, { method: 'POST', key })).status).toBe(200);
  });
});

describe('errors of the services', () => {
  it.each([
    ['insufficient-stock', 409],
    ['hold-expired', 410],
    ['order-voided', 409],
    ['internal', 500],
    ['deadline-exceeded', 504],
  ] as [ErrorCode, number][])('%s is %d', async (code, status) => {
    refusal = new AppError(code, 'Because.');
    const response = await gateway.fetch(`/api/orders/${ORDER.id}`, { key });
    refusal = undefined;
    expect(await response.json()).toMatchObject({ code, status, detail: 'Because.' });
  });
});

function unknownSku(): AppError<'unknown-sku'> {
  return new AppError('unknown-sku', 'There is no such product.', {
    details: { errors: [{ pointer: '/items/0/sku', code: 'unknown-sku', detail: 'Unknown.' }] },
  });
}

let placed = 0;

function place(body: unknown, idempotencyKey?: string, path?: string): Promise<Response> {
  return placeText(JSON.stringify(body), JSON_TYPE, idempotencyKey, path);
}

function placeText(
  body: string,
  headers: Record<string, string> = JSON_TYPE,
  idempotencyKey = `key-${(placed += 1)}`,
  path = '/api/orders',
): Promise<Response> {
  return gateway.fetch(path, {
    method: 'POST',
    key,
    headers: { ...headers, 'idempotency-key': idempotencyKey },
    body,
  });
}
