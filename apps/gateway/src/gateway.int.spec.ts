import { Agent, request as httpRequest } from 'node:http';
import { AppError } from '@flotilla/contracts/errors';
import { CreateApiKey, GetApiKey, RevokeApiKey } from '@flotilla/contracts/api-keys';
import { GetStock, ListMovements } from '@flotilla/contracts/inventory';
import { GetOrder, ListOrders } from '@flotilla/contracts/orders';
import { eventually } from '@flotilla/testing/eventually';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type GatewayUnderTest, gatewayUnderTest } from '../test/gateway-under-test.js';

const VIEW = {
  id: 'key_01h455vb4pex5vsknk084sn02q' as const,
  prefix: 'sk_test_abcd',
  name: 'ci',
  mode: 'test' as const,
  permissions: ['orders:read' as const],
  rateLimit: null,
  quota: null,
  allowedIps: null,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  usageCount: 0,
  version: 1,
  createdAt: '2026-01-02T03:04:05.678Z',
};
const NOTHING = { data: [], nextCursor: null, cursors: [] };

let gateway: GatewayUnderTest;
let key: string;
beforeEach(async () => {
  gateway = await gatewayUnderTest();
  key = gateway.key();
});
afterEach(() => gateway.close());

describe('a service that is away', () => {
  it('is 503 with Retry-After, and not waited for until it is 504', async () => {
    const response = await gateway.fetch('/api/orders', { key });
    expect(await response.json()).toMatchObject({ status: 503, code: 'unavailable' });
    expect(response.headers.get('retry-after')).toBe('1');
  });

  it('is asked again once, so that a short absence is not noticed', async () => {
    let asked = 0;
    await gateway.services.answer(ListOrders, () => {
      asked += 1;
      if (asked === 1) throw new AppError('unavailable', 'Just starting.');
      return NOTHING;
    });
    expect((await gateway.fetch('/api/orders', { key })).status).toBe(200);
    expect(asked).toBe(2);
  });

  it('is not asked again for what may not be done twice', async () => {
    let asked = 0;
    await gateway.services.answer(CreateApiKey, () => {
      asked += 1;
      throw new AppError('unavailable', 'Just starting.');
    });
    expect((await createKey()).status).toBe(503);
    expect(asked).toBe(1);
  });

  it('does not get much more load by retries when it stays away', async () => {
    let asked = 0;
    await gateway.services.answer(ListOrders, () => {
      asked += 1;
      throw new AppError('unavailable', 'Overloaded.');
    });
    for (let call = 0; call < 100; call += 1) await gateway.fetch('/api/orders', { key });
    expect(asked).toBeLessThanOrEqual(100 + 10 + 0.2 * 200);
  });

  it('that never answers is 504, and is told how long it has', async () => {
    let givenMs = 0;
    await gateway.services.answer(ListOrders, (_, { timeoutMs }) => {
      givenMs = timeoutMs;
      return new Promise<never>(() => undefined);
    });
    const response = await gateway.fetch('/api/orders', { key });
    expect(await response.json()).toMatchObject({ status: 504, code: 'deadline-exceeded' });
    expect(givenMs).toBeGreaterThan(0);
    expect(givenMs).toBeLessThanOrEqual(2_000);
  });
});

describe('a broker that is away', () => {
  it('is 503 at once and not ready, and forgotten when it is back', async () => {
    await gateway.services.answer(ListOrders, () => NOTHING);
    await gateway.nats.kill();
    await eventually(async () => (await gateway.fetch('/readyz')).status === 503);
    expect((await gateway.fetch('/healthz')).status).toBe(200);
    expect((await gateway.fetch('/api/orders', { key })).status).toBe(503);
    await gateway.nats.restart();
    await eventually(async () => (await gateway.fetch('/api/orders', { key })).status === 200);
  });
});

describe('readiness', () => {
  it('names the broker and each service whose revocations have to be known', async () => {
    const readiness = async () => (await gateway.fetch('/readyz')).json();
    const up = { nats: 'up', identity: 'up', 'api-keys': 'up' };
    await eventually(async () => expect(await readiness()).toEqual({ status: 'ok', checks: up }));
    await gateway.feeds.identity.stopLeases();
    const checks = { ...up, identity: 'down' };
    await eventually(async () =>
      expect(await readiness()).toEqual({ status: 'unavailable', checks }),
    );
    await gateway.feeds.identity.renewLeases();
    await eventually(async () => (await gateway.fetch('/readyz')).ok);
  });
});

describe('a shutdown', () => {
  it('finishes what has begun, closes kept connections, and takes no new ones', async () => {
    let letThrough: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letThrough = resolve));
    let arrived = 0;
    await gateway.services.answer(GetOrder, async () => {
      arrived += 1;
      await gate;
      throw new AppError('not-found', 'There is no such order.');
    });
    const agent = new Agent({ keepAlive: true });
    const inFlight = Array.from({ length: 5 }, () => keptAlive(agent, '/api/orders/ord_1'));
    await eventually(() => arrived === 5);

    const closing = gateway.service.close();
    await eventually(() =>
      gateway.fetch('/healthz').then(
        () => false,
        () => true,
      ),
    );
    letThrough();
    expect(await Promise.all(inFlight)).toEqual(
      Array.from({ length: 5 }, () => ({ status: 404, connection: 'close' })),
    );
    await closing;
    agent.destroy();
  });
});

describe('the other routes', () => {
  it('create an API key, show it, revoke it', async () => {
    await gateway.services.answer(CreateApiKey, () => ({
      answer: { ...VIEW, key: 'sk_test_abcd…' },
      replayed: false,
    }));
    await gateway.services.answer(GetApiKey, () => VIEW);
    await gateway.services.answer(RevokeApiKey, ({ keyId }) => ({
      id: keyId,
      revokedAt: '2026-01-02T03:04:05.678Z',
    }));
    const created = await createKey();
    expect(created.status).toBe(201);
    expect(created.headers.get('cache-control')).toBe('no-store');
    expect(created.headers.get('location')).toBe(`/api/v2/api-keys/${VIEW.id}`);
    expect(created.headers.get('idempotency-replayed')).toBeNull();
    expect(await created.json()).toEqual({ ...VIEW, key: 'sk_test_abcd…' });
    const shown = await gateway.fetch(`/api/api-keys/${VIEW.id}`, { key });
    expect(await shown.json()).toEqual(VIEW);
    const revoked = await gateway.fetch(`/api/api-keys/${VIEW.id}`, { key, method: 'DELETE' });
    expect(revoked.status).toBe(200);
    expect(await revoked.json()).toMatchObject({ id: VIEW.id });
  });

  it('create an API key once for each idempotency key, or for the request if there is none', async () => {
    const asked: unknown[] = [];
    await gateway.services.answer(CreateApiKey, ({ idempotencyKey }) => {
      asked.push(idempotencyKey);
      return { answer: { ...VIEW, key: null }, replayed: true };
    });
    const again = await createKey({}, { 'idempotency-key': 'first' });
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.json()).toEqual({ ...VIEW, key: null });
    await createKey();
    expect(asked).toEqual(['first', expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    for (const malformed of ['a b', 'x'.repeat(256)]) {
      const refused = await createKey({}, { 'idempotency-key': malformed });
      expect(await refused.json()).toMatchObject({ status: 400, code: 'validation-failed' });
    }
    const named = await createKey({ idempotencyKey: 'in the body' });
    expect(await named.json()).toMatchObject({ errors: [{ pointer: '/idempotencyKey' }] });
  });

  it.each([
    [{ expiresAt: '2099-02-30T00:00:00Z' }, '/expiresAt', 'instant'],
    [{ expiresAt: '2099' }, '/expiresAt', 'instant'],
    [{ name: ' \t ' }, '/name', 'not-blank'],
  ])('refuse an API key with %j', async (flaw, pointer, code) => {
    const response = await createKey(flaw);
    expect(await response.json()).toMatchObject({ status: 400, errors: [{ pointer, code }] });
  });

  it('refuse a rate limit that is not an object', async () => {
    const response = await createKey({ rateLimit: [] });
    expect(await response.json()).toMatchObject({
      status: 400,
      errors: [{ pointer: '/rateLimit' }],
    });
  });

  it('show stock and its movements, in the mode of the key', async () => {
    const asked: unknown[] = [];
    await gateway.services.answer(GetStock, (request) => {
      asked.push(request);
      return { sku: request.sku, onHand: 5, reserved: 2, available: 3, version: 1 };
    });
    await gateway.services.answer(ListMovements, (request) => {
      asked.push(request);
      return NOTHING;
    });
    const testKey = gateway.key({ mode: 'test' });
    expect((await gateway.fetch('/api/inventory/NUT-6', { key: testKey })).status).toBe(200);
    await gateway.fetch('/api/inventory/NUT-6/movements?limit=3', { key: testKey });
    expect(asked).toEqual([
      { sku: 'NUT-6', mode: 'test' },
      { sku: 'NUT-6', mode: 'test', limit: 3 },
    ]);
    const malformed = await gateway.fetch('/api/inventory/no%20sku', { key });
    expect(await malformed.json()).toMatchObject({ status: 404, code: 'not-found' });
  });
});

function createKey(more: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  return gateway.fetch('/api/v2/api-keys', {
    method: 'POST',
    key,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ name: 'ci', mode: 'test', permissions: ['orders:read'], ...more }),
  });
}

function keptAlive(agent: Agent, path: string): Promise<{ status?: number; connection?: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status?: number;
    connection?: string;
  }>();
  const headers = { 'x-api-key': key };
  httpRequest(`${gateway.url}${path}`, { agent, headers }, (response) => {
    response.resume();
    resolve({ status: response.statusCode, connection: response.headers.connection });
  })
    .on('error', reject)
    .end();
  return promise;
}
