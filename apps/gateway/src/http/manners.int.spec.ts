import { brotliDecompressSync } from 'node:zlib';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError } from '@flotilla/contracts/errors';
import { GetOrder } from '@flotilla/contracts/orders';
import { GetProduct, ListProducts, type ProductView } from '@flotilla/contracts/products';
import { GetStock } from '@flotilla/contracts/inventory';
import { eventually } from '@flotilla/testing/eventually';
import { type GatewayUnderTest, gatewayUnderTest } from '../../test/gateway-under-test.js';

const SHOP = 'https://shop.example.com';
const LARGE = 'A large description. '.repeat(100);

function product(description: string | null): ProductView {
  return {
    sku: 'TEA',
    name: 'Tea',
    description,
    price: { amount: 499, currency: 'EUR' },
    attributes: {},
    status: 'active',
    available: 3,
    createdAt: '2026-01-05T09:30:00.000Z',
    updatedAt: '2026-01-05T09:30:00.000Z',
    version: 1,
  };
}

describe('the manners of the gateway', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await gatewayUnderTest({ CORS_ORIGINS: `${SHOP}, https://admin.example.com` });
    await gateway.services.answer(GetProduct, ({ sku }) => product(sku === 'LARGE' ? LARGE : null));
    await gateway.services.answer(ListProducts, () => ({
      data: [],
      nextCursor: null,
      cursors: [],
    }));
  });
  afterAll(() => gateway.close());

  /** The bytes as they come, which fetch would decode. */
  function raw(path: string, headers: Record<string, string>) {
    return new Promise<{ headers: Record<string, unknown>; status: number; body: Buffer }>(
      (resolve, reject) => {
        const sent = request(`${gateway.url}${path}`, { headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({
              headers: response.headers,
              status: response.statusCode!,
              body: Buffer.concat(chunks),
            }),
          );
        });
        sent.on('error', reject).end();
      },
    );
  }

  it('lets pages of the origins that were named call it, and read its headers', async () => {
    const preflight = await gateway.fetch('/api/v2/products', {
      method: 'OPTIONS',
      headers: { origin: SHOP, 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(SHOP);
    expect(preflight.headers.get('access-control-allow-methods')).toMatch(/GET.*POST/);
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/Idempotency-Key/);
    expect(preflight.headers.has('access-control-allow-credentials')).toBe(false);
    const answer = await gateway.fetch('/api/v2/products', { headers: { origin: SHOP } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(SHOP);
    expect(answer.headers.get('access-control-expose-headers')).toMatch(
      /RateLimit, RateLimit-Policy, Retry-After/,
    );
    expect(answer.headers.get('vary')).toBe('API-Version, Origin');
  });

  it('lets pages of no other origin read anything', async () => {
    for (const origin of ['https://evil.example', 'null', `${SHOP}.evil.example`]) {
      const answer = await gateway.fetch('/api/v2/products', { headers: { origin } });
      expect(answer.headers.has('access-control-allow-origin')).toBe(false);
      expect(answer.headers.get('vary')).toMatch('Origin');
    }
  });

  it('compresses what is large for who takes it, under a tag of its own that holds like the other', async () => {
    const plain = await raw('/api/v2/products/LARGE', {});
    const small = await raw('/api/v2/products/TEA', { 'accept-encoding': 'br' });
    const compressed = await raw('/api/v2/products/LARGE', { 'accept-encoding': 'gzip, br' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(small.headers['content-encoding']).toBeUndefined();
    expect(compressed.headers).toMatchObject({
      'content-encoding': 'br',
      vary: 'API-Version, Origin, Accept-Encoding',
    });
    expect(compressed.body.length).toBeLessThan(plain.body.length / 4);
    expect(brotliDecompressSync(compressed.body)).toEqual(plain.body);
    const tag = compressed.headers.etag as string;
    expect(tag).not.toBe(plain.headers.etag);
    const unchanged = await raw('/api/v2/products/LARGE', {
      'accept-encoding': 'br',
      'if-none-match': tag,
    });
    expect(unchanged.status).toBe(304);
    expect([unchanged.headers.etag, unchanged.headers.vary]).toEqual([
      tag,
      compressed.headers.vary,
    ]);
    expect(unchanged.headers['content-encoding']).toBeUndefined();
  });

  it('tells browsers to make nothing of its answers but data', async () => {
    const { headers } = await gateway.fetch('/api/v2/products');
    expect(headers.get('content-security-policy')).toMatch("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.has('strict-transport-security')).toBe(false); // it is not spoken to by TLS
  });

  it('counts who still asks for v1', async () => {
    const key = gateway.key();
    await gateway.fetch('/api/v1/products', { key });
    await eventually(async () => {
      const text = await (await fetch(gateway.metricsUrl)).text();
      expect(text).toMatch(/api_requests_total\{version="v1",caller="key"[^}]*\} [1-9]/);
      expect(text).toMatch(/api_requests_total\{version="v2",caller="nobody"[^}]*\} [1-9]/);
    });
  });

  it('leaves a service alone that does not answer, without waiting for it, and asks others as ever', async () => {
    const key = gateway.key();
    let asked = 0;
    const stop = await gateway.services.answer(GetOrder, () => {
      asked += 1;
      throw new AppError('unavailable', 'Away.', { details: { retryAfterSeconds: 1 } });
    });
    const read = () => gateway.fetch('/api/v2/orders/ord_01h455vb4pex5vsknk084sn02q', { key });
    await eventually(async () => {
      const before = asked;
      const answer = await read();
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(asked).toBe(before); // refused by the breaker
    });
    await gateway.services.answer(GetStock, ({ sku }) => ({
      sku,
      onHand: 1,
      reserved: 0,
      available: 1,
      version: 1,
    }));
    expect((await gateway.fetch('/api/v2/inventory/TEA', { key })).status).toBe(200);
    await stop();
    let calls = 0;
    await gateway.services.answer(GetOrder, () => {
      calls += 1;
      throw new AppError('not-found', 'There is no such order.');
    });
    await eventually(async () => expect((await read()).status).toBe(404));
    expect(calls).toBeGreaterThan(0);
  });
});
