import { ListProducts } from '@flotilla/contracts/products';
import { ListOrders } from '@flotilla/contracts/orders';
import type { Mode } from '@flotilla/contracts/actor';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type GatewayUnderTest,
  gatewayUnderTest,
  wellFormedKey,
} from '../../test/gateway-under-test.js';
import type { Asked } from '../../test/services.js';

let gateway: GatewayUnderTest;
let asked: Asked;
let mode: Mode;
beforeAll(async () => {
  gateway = await gatewayUnderTest();
  await gateway.services.answer(ListOrders, (_, by) => {
    asked = by;
    return { data: [], nextCursor: null, cursors: [] };
  });
  await gateway.services.answer(ListProducts, (request) => {
    mode = request.mode;
    return { data: [], nextCursor: null, cursors: [] };
  });
});
afterAll(() => gateway.close());

describe('a credential', () => {
  it('tells the services who asks, in which request and trace', async () => {
    const key = gateway.key({ userId: 'usr_01h455vb4pex5vsknk084sn02q', mode: 'test' });
    const headers = {
      authorization: `Bearer ${key}`,
      'x-request-id': 'r1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    expect((await gateway.fetch('/api/orders', { headers })).status).toBe(200);
    expect(asked.actor).toMatchObject({ userId: 'usr_01h455vb4pex5vsknk084sn02q', mode: 'test' });
    expect(asked.requestId).toBe('r1');
    expect(asked.traceparent).toContain('0af7651916cd43dd8448eb211c80319c');
  });

  it('gets one and the same answer whether missing, malformed or unknown', async () => {
    const unknown = wellFormedKey();
    const answers = await Promise.all(
      (
        [
          {},
          { 'x-api-key': 'nonsense' },
          { 'x-api-key': unknown },
          { 'x-api-key': unknown.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')) },
          { authorization: `Bearer ${unknown}` },
          { 'x-api-key': '' },
          { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' },
          { authorization: 'Basic YTpi' },
        ] as Record<string, string>[]
      ).map(async (credential) => {
        const headers = { ...credential, 'x-request-id': 'r' };
        const response = await gateway.fetch('/api/orders', { headers });
        expect(response.headers.get('www-authenticate')).toBe('Bearer realm="flotilla"');
        return [response.status, await response.text()];
      }),
    );
    expect(answers[0]![0]).toBe(401);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('that cannot be a key costs no look-up', async () => {
    const before = gateway.lookups();
    const key = wellFormedKey().replace(/^sk_live_./, 'sk_live_!');
    expect((await gateway.fetch('/api/orders', { key })).status).toBe(401);
    expect(gateway.lookups()).toBe(before);
  });

  it('in the address is refused, on public routes too', async () => {
    for (const name of ['api_key', 'apiKey', 'access_token']) {
      const response = await gateway.fetch(`/api/products?${name}=${gateway.key()}`);
      expect(await response.json()).toMatchObject({
        status: 400,
        code: 'validation-failed',
        errors: [{ pointer: `/${name}` }],
      });
    }
  });
});

describe('a permission', () => {
  it('that is missing is named', async () => {
    const key = gateway.key({ permissions: ['users:read', 'orders:write'] });
    const response = await gateway.fetch('/api/orders', { key });
    expect(await response.json()).toMatchObject({
      status: 403,
      code: 'insufficient-permission',
      permission: 'orders:read',
    });
  });

  it('to administer orders includes reading them', async () => {
    const key = gateway.key({ permissions: ['orders:admin'] });
    expect((await gateway.fetch('/api/orders', { key })).status).toBe(200);
  });
});

describe('a public route', () => {
  it.each([
    ['without a credential', undefined, 'live'],
    ['with a live key', 'live', 'live'],
    ['with a test key', 'test', 'test'],
  ] as const)('is open %s, in mode %s', async (_, keyMode, expected) => {
    const key = keyMode && gateway.key({ mode: keyMode, permissions: ['users:read'] });
    expect((await gateway.fetch('/api/products', { key })).status).toBe(200);
    expect(mode).toBe(expected);
  });

  it('is closed to a key that is no good', async () => {
    expect((await gateway.fetch('/api/products', { key: wellFormedKey() })).status).toBe(401);
  });
});
