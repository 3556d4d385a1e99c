import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { GetProduct, ListProducts, type ProductView } from '@flotilla/contracts/products';
import { eventually } from '@flotilla/testing/eventually';
import { type TestRedis, testRedis } from '@flotilla/testing/redis';
import { parseList } from 'structured-headers';
import {
  type GatewayUnderTest,
  gatewayUnderTest,
  wellFormedKey,
} from '../../test/gateway-under-test.js';

const TEA: ProductView = {
  sku: 'TEA',
  name: 'Tea',
  description: null,
  price: { amount: 499, currency: 'EUR' },
  attributes: {},
  status: 'active',
  available: 3,
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
  version: 1,
};

const running: GatewayUnderTest[] = [];

/** A gateway that knows a product. */
async function shop(env: Record<string, string> = {}): Promise<GatewayUnderTest> {
  const gateway = await gatewayUnderTest(env);
  running.push(gateway);
  await gateway.services.answer(ListProducts, () => ({ data: [], nextCursor: null, cursors: [] }));
  await gateway.services.answer(GetProduct, () => TEA);
  return gateway;
}

afterEach(async () => {
  for (const gateway of running.splice(0)) await gateway.close();
});

/** A list of RFC 9651 with its parameters: `{ key: { r: 599, t: 60 } }`. */
function members(header: string | null): Record<string, Record<string, number>> {
  return Object.fromEntries(
    parseList(header!).map(([name, parameters]) => [
      name as string,
      Object.fromEntries(parameters as Map<string, number>),
    ]),
  );
}

describe('limits that gateways share in Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await testRedis();
  });
  afterAll(() => redis.stop());

  /** A busy machine is not an outage. */
  const counted = () => ({ REDIS_URL: redis.url, REDIS_SILENCE_MS: '10000' });
  const three = (limit: string, env: Record<string, string> = {}) => {
    const shared = { ...counted(), GATEWAY_REPLICAS: '3', RATE_LIMIT_ANONYMOUS: limit };
    return Promise.all([1, 2, 3].map(() => shop({ ...shared, ...env })));
  };

  it('let exactly 100 of 1,000 concurrent calls over three gateways pass a limit of 100', async () => {
    const gateways = await three('100/60');
    const responses = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => gateways[index % 3]!.fetch('/api/products')),
    );
    const statuses = Object.groupBy(responses, ({ status }) => String(status));
    expect(statuses['200']).toHaveLength(100);
    expect(statuses['429']).toHaveLength(900);
    for (const response of responses) {
      expect(members(response.headers.get('ratelimit-policy'))).toEqual({
        address: { q: 100, w: 60 },
      });
      const { r, t } = members(response.headers.get('ratelimit')).address!;
      expect(t).toBeLessThanOrEqual(60);
      if (response.status !== 429) continue;
      expect(r).toBe(0);
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(t!);
    }
  });

  it('stay bounded while Redis is silent, do not pretend to know what is left, and go on where they were', async () => {
    const gateways = await three('30/20', { REDIS_SILENCE_MS: '100' });
    const ask = async (times: number) => {
      const calls = Array.from({ length: times }, (_, i) =>
        gateways[i % 3]!.fetch('/api/products'),
      );
      return Promise.all(calls);
    };
    await eventually(async () => (await ask(3)).every(({ headers }) => headers.has('ratelimit')));

    redis.pause();
    const during = await ask(90);
    expect(during.every(({ status }) => status === 200 || status === 429)).toBe(true);
    expect(during.every(({ headers }) => !headers.has('ratelimit'))).toBe(true);
    expect(during.every(({ headers }) => headers.has('ratelimit-policy'))).toBe(true);
    expect(during.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(30);
    const metrics = await (await fetch(gateways[0]!.metricsUrl)).text();
    expect(metrics).toMatch(/rate_limit_fallbacks_total\{[^}]*\} [1-9]/);

    redis.resume();
    await eventually(async () => (await ask(1))[0]!.headers.has('ratelimit'));
    await eventually(async () => (await ask(1))[0]!.status === 429);
    await redis.kill();
    await redis.restart();
    await eventually(async () => (await ask(1))[0]!.headers.has('ratelimit'));
    expect((await ask(30)).filter(({ status }) => status === 200)).toHaveLength(0);
  });

  it('waiting as long as Retry-After says is enough', async () => {
    const gateway = await shop({ ...counted(), RATE_LIMIT_ANONYMOUS: '2/1' });
    let refused: Response | undefined;
    await eventually(async () => {
      const response = await gateway.fetch('/api/products');
      if (response.status === 429) refused = response;
      return refused !== undefined;
    });
    const seconds = Number(refused!.headers.get('retry-after'));
    const waited = performance.now() + seconds * 1_000;
    await eventually(() => performance.now() >= waited);
    expect((await gateway.fetch('/api/products')).status).toBe(200);
  });

  it('hold each key to the limit that it brings, whatever gateway it comes to', async () => {
    const gateways = [await shop(counted()), await shop(counted())];
    const key = gateways[0]!.key({ rateLimit: { limit: 3, windowSeconds: 60 } });
    const responses: Response[] = [];
    for (let i = 0; i < 5; i += 1)
      responses.push(await gateways[0]!.fetch('/api/products', { key }));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(responses.map(({ headers }) => members(headers.get('ratelimit')).key!.r)).toEqual([
      2, 1, 0, 0, 0,
    ]);
    expect(await responses[3]!.json()).toMatchObject({ code: 'rate-limited', status: 429 });
    const other = gateways[0]!.key();
    const usual = await gateways[0]!.fetch('/api/products', { key: other });
    expect(usual.headers.get('ratelimit-policy')).toBe('"key";q=1000000;w=60');
  });

  it('cost nothing for what the client has already', async () => {
    const gateway = await shop(counted());
    const key = gateway.key({ rateLimit: { limit: 2, windowSeconds: 60 } });
    const first = await gateway.fetch('/api/products/TEA', { key });
    const headers = { 'if-none-match': first.headers.get('etag')! };
    for (let i = 0; i < 5; i += 1) {
      const again = await gateway.fetch('/api/products/TEA', { key, headers });
      expect(again.status).toBe(304);
      expect(members(again.headers.get('ratelimit')).key!.r).toBe(1);
    }
  });
});

describe('limits without any Redis', () => {
  it('are exact where there is one gateway', async () => {
    const gateway = await shop({ RATE_LIMIT_ANONYMOUS: '5/60' });
    const calls = Array.from({ length: 20 }, () => gateway.fetch('/api/products'));
    const responses = await Promise.all(calls);
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(responses[0]!.headers.get('ratelimit')).toMatch(/^"address";r=\d+;t=\d+$/);
  });

  it('are shared out between gateways, which then do not say what is left', async () => {
    const gateway = await shop({ RATE_LIMIT_ANONYMOUS: '9/60', GATEWAY_REPLICAS: '3' });
    const responses = await Promise.all(
      Array.from({ length: 9 }, () => gateway.fetch('/api/products')),
    );
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(responses.some(({ headers }) => headers.has('ratelimit'))).toBe(false);
  });

  it('count an address by its connection, unless a proxy that is trusted says otherwise', async () => {
    const from = (address: number) => ({ headers: { 'x-forwarded-for': `203.0.113.${address}` } });
    const open = await shop({ RATE_LIMIT_ANONYMOUS: '2/60' });
    const behindProxy = await shop({ RATE_LIMIT_ANONYMOUS: '2/60', TRUSTED_PROXIES: '127.0.0.1' });
    const statuses = async (gateway: GatewayUnderTest) => {
      const all: number[] = [];
      for (const address of [1, 2, 3, 4]) {
        all.push((await gateway.fetch('/api/products', from(address))).status);
      }
      return all;
    };
    expect(await statuses(open)).toEqual([200, 200, 429, 429]);
    expect(await statuses(behindProxy)).toEqual([200, 200, 200, 200]);
  });

  it.each([
    ['RATE_LIMIT_TOKEN', ['/oauth/token', '/oauth/TOKEN', '/oauth/token/', '/oauth/%74oken']],
    ['RATE_LIMIT_REGISTER', ['/api/users', '/%61pi/users', '/api/v2/user%73', '/api/%76%31/users']],
    ['RATE_LIMIT_SIGN_IN', ['/account/sign-in', '/account/sign%2din', '/ACCOUNT/x/../sign-in']],
  ])('%s is one for all spellings of an address', async (limit, [path, ...others]) => {
    const gateway = await shop({ [limit]: '1/60' });
    const post = async (to: string) => (await gateway.fetch(to, { method: 'POST' })).status;
    expect(await post(path!)).not.toBe(429);
    const statuses = await Promise.all(others.map(post));
    expect(statuses.filter((status) => ![429, 404].includes(status))).toEqual([]);
    expect(statuses).toContain(429);
  });

  it('an address that guesses keys is told to wait before anybody is asked; good keys at it go on', async () => {
    const gateway = await shop({ RATE_LIMIT_FAILED_AUTHENTICATION: '5/60' });
    const key = gateway.key();
    expect((await gateway.fetch('/api/products', { key })).status).toBe(200);
    const statuses: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      statuses.push((await gateway.fetch('/api/products', { key: wellFormedKey() })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429, 429, 429]);
    const flood = Array.from({ length: 100 }, () =>
      gateway.fetch('/api/products', { key: wellFormedKey() }),
    );
    const before = gateway.lookups();
    const begun = performance.now();
    const flooded = await Promise.all(flood);
    const seconds = (performance.now() - begun) / 1_000;
    expect(flooded.every(({ status }) => status === 429)).toBe(true);
    expect(flooded[0]!.headers.get('retry-after')).toMatch(/^[1-9]\d?$/);
    expect(gateway.lookups() - before).toBeLessThanOrEqual(10 * (seconds + 1));
    expect((await gateway.fetch('/api/products', { key })).status).toBe(200);
  });
});
