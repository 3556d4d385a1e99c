import { once } from 'node:events';
import { connect } from 'node:net';
import { DEFAULT_PREFERENCES, GetUser } from '@flotilla/contracts/users';
import { ListProducts } from '@flotilla/contracts/products';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewayUnderTest, gatewayUnderTest } from '../../test/gateway-under-test.js';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await gatewayUnderTest();
  await gateway.services.answer(ListProducts, () => ({ data: [], nextCursor: null, cursors: [] }));
  await gateway.services.answer(GetUser, ({ userId }) => ({
    id: userId,
    email: 'ada@example.com',
    firstName: 'Ada',
    lastName: 'Lovelace',
    displayName: 'Ada L.',
    preferences: DEFAULT_PREFERENCES,
    version: 2,
    createdAt: '2026-01-02T03:04:05.678Z',
    updatedAt: '2026-01-03T03:04:05.678Z',
  }));
});
afterAll(() => gateway.close());

describe('versions', () => {
  it.each([
    ['/api/products', {}, 'v1'],
    ['/api/v1/products', {}, 'v1'],
    ['/api/v2/products', {}, 'v2'],
    ['/api/products', { 'api-version': '2' }, 'v2'],
    ['/api/products', { 'api-version': 'v2' }, 'v2'],
    ['/api/v1/products', { 'api-version': '2' }, 'v2'],
    ['/api/v2/products', { 'api-version': 'v1' }, 'v1'],
  ])('%s with %j is answered in %s', async (path, headers, version) => {
    const response = await gateway.fetch(path, { headers });
    expect(response.status).toBe(200);
    expect(response.headers.get('api-version')).toBe(version);
    expect(response.headers.get('vary')).toBe('API-Version');
  });

  it('shows a user as each version does', async () => {
    const key = gateway.key({ userId: 'usr_01h455vb4pex5vsknk084sn02q' });
    const user = async (path: string) => (await gateway.fetch(path, { key })).json();
    expect(await user('/api/v1/users/me')).toEqual({
      id: 'usr_01h455vb4pex5vsknk084sn02q',
      email: 'ada@example.com',
      name: 'Ada L.',
      createdAt: '2026-01-02T03:04:05.678Z',
    });
    expect(await user('/api/v2/users/me')).toEqual({
      id: 'usr_01h455vb4pex5vsknk084sn02q',
      email: 'ada@example.com',
      profile: { firstName: 'Ada', lastName: 'Lovelace', displayName: 'Ada L.' },
      preferences: DEFAULT_PREFERENCES,
      createdAt: '2026-01-02T03:04:05.678Z',
      updatedAt: '2026-01-03T03:04:05.678Z',
    });
  });

  it.each([
    ['/api/v9/products', {}, 'v9'],
    ['/api/v0/products', {}, 'v0'],
    ['/api/v01/nowhere', {}, 'v01'],
    ['/api/products', { 'api-version': '9' }, '9'],
    ['/api/products', { 'api-version': '01' }, '01'],
    ['/api/products', { 'api-version': '' }, ''],
    ['/api/products', { 'api-version': '1, 2' }, '1, 2'],
    ['/api/nowhere', { 'api-version': 'x' }, 'x'],
  ])('%s with %j is refused, naming what there is', async (path, headers, requested) => {
    const response = await gateway.fetch(path, { headers });
    expect(await problem(response)).toMatchObject({
      status: 400,
      code: 'unsupported-api-version',
      supported: ['v1', 'v2'],
      requested,
    });
    expect(response.headers.get('api-version')).toBe('v1');
  });

  it('announces the end of v1, and of v1 only', async () => {
    const v1 = (await gateway.fetch('/api/nowhere')).headers;
    expect(v1.get('deprecation')).toMatch(/^@\d+$/);
    expect(new Date(v1.get('sunset')!).toUTCString()).toBe(v1.get('sunset'));
    expect(v1.get('link')).toMatch(/rel="successor-version".*rel="deprecation"/);
    const v2 = (await gateway.fetch('/api/v2/nowhere')).headers;
    expect([v2.get('deprecation'), v2.get('sunset'), v2.get('link')]).toEqual([null, null, null]);
  });

  it('does not matter to the health probes', async () => {
    const response = await gateway.fetch('/healthz', { headers: { 'api-version': '9' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('api-version')).toBeNull();
  });
});

describe('every answer', () => {
  it.each([
    ['/api/nowhere', 404],
    ['/api/%zz', 400],
    [`/api/products/${'x'.repeat(300)}`, 404],
    ['/api/orders', 401],
    ['/api/products', 200],
  ])('of %s carries request id and version', async (path, status) => {
    const response = await gateway.fetch(path, { headers: { 'x-request-id': 'mine.1' } });
    expect(response.status).toBe(status);
    expect(response.headers.get('x-request-id')).toBe('mine.1');
    expect(response.headers.get('api-version')).toBe('v1');
    expect(response.headers.get('vary')).toBe('API-Version');
    if (status !== 200) expect(await problem(response)).toMatchObject({ requestId: 'mine.1' });
  });

  it('has a new request id when the one sent could spoil a log', async () => {
    const response = await gateway.fetch('/healthz', { headers: { 'x-request-id': 'a b' } });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('addresses and methods', () => {
  it.each(['/', '/api', '/api/nowhere', '/api/products/', '/api/v1/v1/products', '/API/products'])(
    '%s is not there',
    async (path) => {
      expect(await problem(await gateway.fetch(path))).toMatchObject({
        status: 404,
        code: 'not-found',
      });
    },
  );

  it.each([
    ['PUT', '/api/products', 'GET, HEAD, OPTIONS, POST'],
    ['DELETE', '/api/v2/orders', 'GET, HEAD, OPTIONS, POST'],
    ['POST', '/api/orders/ord_x', 'GET, HEAD, OPTIONS'],
    ['PROPFIND', '/api/orders/ord_x/confirm', 'OPTIONS, POST'],
  ])('%s %s is told what is allowed', async (method, path, allow) => {
    const response = await gateway.fetch(path, { method });
    expect(await problem(response)).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(response.headers.get('allow')).toBe(allow);
  });

  it('answers OPTIONS with what is allowed', async () => {
    const response = await gateway.fetch('/api/v1/orders', { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
    expect((await gateway.fetch('/api/nowhere', { method: 'OPTIONS' })).status).toBe(404);
  });

  it('answers HEAD as GET, without the body', async () => {
    const get = await gateway.fetch('/api/products');
    const head = await gateway.fetch('/api/products', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    for (const name of ['content-length', 'content-type', 'etag']) {
      expect(head.headers.get(name)).toBe(get.headers.get(name));
    }
  });

  it('understands an absolute target', async () => {
    const answer = await raw(
      `GET http://h/api/v2/products HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 [^]*api-version: v2/);
  });
});

describe('conditional requests', () => {
  it.each(['GET', 'HEAD'])('answer 304 without a body to a %s that has it', async (method) => {
    const etag = (await gateway.fetch('/api/products')).headers.get('etag')!;
    expect(etag).toMatch(/^"[\w-]+"$/);
    const again = await gateway.fetch('/api/products', {
      method,
      headers: { 'if-none-match': `"x", ${etag}` },
    });
    expect(again.status).toBe(304);
    expect(again.headers.get('etag')).toBe(etag);
    expect(await again.text()).toBe('');
  });

  it('answers in full to a tag of something else', async () => {
    const headers = { 'if-none-match': '"x"' };
    expect((await gateway.fetch('/api/products', { headers })).status).toBe(200);
  });
});

describe('what is not HTTP, or too much of it', () => {
  it.each([
    ['what is not HTTP', 'NONSENSE\r\n\r\n', 400, 'validation-failed', 'v1'],
    ['no Host', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'validation-failed', null],
    [
      'no Host',
      'GET /api/v2/products HTTP/1.1\r\nconnection: close\r\n\r\n',
      400,
      'validation-failed',
      'v2',
    ],
    [
      'two Hosts',
      request('GET /api/v2/products HTTP/1.1', 'Host: other', 'connection: close'),
      400,
      'validation-failed',
      'v2',
    ],
    [
      'another expectation',
      request('GET / HTTP/1.1', 'expect: bogus', 'connection: close'),
      417,
      'expectation-failed',
      null,
    ],
    ['a tunnel', request('CONNECT h:443 HTTP/1.1'), 405, 'method-not-allowed', null],
    [
      'a bad header field',
      request('GET /api/v2/orders HTTP/1.1', 'a b: c'),
      400,
      'validation-failed',
      'v2',
    ],
    [
      'a bad header field',
      request('GET /healthz HTTP/1.1', 'a b: c'),
      400,
      'validation-failed',
      null,
    ],
    [
      'too large a header',
      request('GET /api HTTP/1.1', `x: ${'x'.repeat(20_000)}`),
      431,
      'headers-too-large',
      'v1',
    ],
  ])('is refused as a problem: %s (%j)', async (_, text, status, code, version) => {
    const { headers, ...answer } = parsed(await raw(text));
    expect(answer).toMatchObject({
      status,
      body: { status, code, requestId: headers.get('x-request-id') },
    });
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
    expect(headers.get('api-version')).toBe(version);
    expect(headers.get('vary')).toBe(version && 'API-Version');
  });

  it('keeps the request id of a tunnel, and outlives a client that breaks it off', async () => {
    const text = request('CONNECT h:443 HTTP/1.1', 'x-request-id: mine.2');
    const socket = connect(gateway.port, '127.0.0.1', () =>
      socket.write(text, () => socket.resetAndDestroy()),
    );
    await once(socket, 'close');
    expect(parsed(await raw(text)).headers.get('x-request-id')).toBe('mine.2');
  });

  it('is served when HTTP/1.0 sends no Host, or waits for leave to go on', async () => {
    expect(await raw('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
    const patient = request('GET /healthz HTTP/1.1', 'expect: 100-Continue', 'connection: close');
    expect(await raw(patient)).toMatch(/^HTTP\/1.1 100 [^]*HTTP\/1.1 200 /);
  });

  it('is 413 for a body that exceeds the limit without having said so', async () => {
    const chunk = 'x'.repeat(0x10000);
    const head =
      'POST /api/orders HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\n' +
      'transfer-encoding: chunked\r\nconnection: close\r\n\r\n';
    const answer = await raw(`${head}${`10000\r\n${chunk}\r\n`.repeat(50)}0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 413 [^]*"payload-too-large"/i);
  });

  it('is let go of when it goes on after it was refused', async () => {
    const answer = await raw(
      'POST /api/orders HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\ncontent-length: 999999\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });
});

describe('operations', () => {
  it('serves metrics by route, on the private port only', async () => {
    await gateway.fetch('/api/products/NUT?search=secret');
    const text = await (await fetch(gateway.metricsUrl)).text();
    expect(text).toContain('route="/api/products/:sku"');
    expect(text).not.toContain('secret');
    expect((await gateway.fetch('/metrics')).status).toBe(404);
  });
});

/** The body of an answer that has to be a problem in every respect. */
async function problem(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({
    type: expect.stringContaining(String(body.code)),
    title: expect.any(String),
    status: response.status,
    detail: expect.any(String),
    requestId: response.headers.get('x-request-id'),
  });
  return body;
}

function request(requestLine: string, ...fields: string[]): string {
  return [requestLine, 'host: h', ...fields, '', ''].join('\r\n');
}

function parsed(answer: string): { status: number; headers: Headers; body: unknown } {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [statusLine = '', ...fields] = head.split('\r\n');
  const headers = new Headers(fields.map((field) => field.split(/: */, 2) as [string, string]));
  return { status: Number(statusLine.split(' ')[1]), headers, body: JSON.parse(body) as unknown };
}

/** Sends bytes as they are and reads until the other side is done. */
function raw(text: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let answer = '';
  const socket = connect(gateway.port, '127.0.0.1', () => socket.write(text));
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.on('error', () => resolve(answer));
  socket.on('close', () => resolve(answer));
  return promise;
}
