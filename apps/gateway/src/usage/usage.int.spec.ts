import { RecordKeyUsage, ReturnQuota, TakeQuota } from '@flotilla/contracts/api-key-usage';
import { newUuid, toId } from '@flotilla/contracts/ids';
import { ListOrders } from '@flotilla/contracts/orders';
import { AppError } from '@flotilla/contracts/errors';
import { eventually } from '@flotilla/testing/eventually';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type GatewayUnderTest, gatewayUnderTest } from '../../test/gateway-under-test.js';

let gateway: GatewayUnderTest;
let closed: Promise<void> | undefined;

beforeEach(async () => {
  closed = undefined;
  gateway = await gatewayUnderTest({ TRUSTED_PROXIES: '127.0.0.1' });
  await gateway.services.answer(ListOrders, () => ({ data: [], nextCursor: null, cursors: [] }));
});
afterEach(() => closed ?? gateway.close());

/** The ledger of a quota in the place of api-keys, and what was counted. */
async function ledger(limit: number): Promise<{ taken: () => number }> {
  let taken = 0;
  const periodStart = '2026-01-01T00:00:00.000Z';
  const periodEnd = new Date(Date.now() + 3_600_000).toISOString();
  await gateway.services.answer(TakeQuota, ({ units }) => {
    const granted = Math.min(units, limit - taken);
    taken += granted;
    return { units: granted, periodStart, periodEnd };
  });
  await gateway.services.answer(ReturnQuota, ({ units }) => {
    taken -= units;
    return null;
  });
  return { taken: () => taken };
}

const call = (key: string, headers: Record<string, string> = {}) =>
  gateway.fetch('/api/orders', { key, headers });

describe('a key that is tied to networks', () => {
  it.each([
    ['203.0.113.9', 200],
    ['2001:db8::7', 200],
    ['198.51.100.1', 403],
  ])('is answered from %s with %i', async (address, status) => {
    const key = gateway.key({ allowedIps: ['203.0.113.0/24', '2001:db8::/32'] });
    const response = await call(key, { 'x-forwarded-for': address });
    expect(response.status).toBe(status);
    if (status === 403)
      expect(await response.json()).toMatchObject({ code: 'address-not-allowed' });
  });
});

describe('a quota', () => {
  const quota = { limit: 50, interval: 'day' as const };

  it('of 50 lets 50 of 200 concurrent requests through', async () => {
    await ledger(50);
    const key = gateway.key({ quota });
    const answers = await Promise.all(Array.from({ length: 200 }, () => call(key)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(50);
    const refused = answers.find(({ status }) => status !== 200)!;
    expect(await refused.json()).toMatchObject({ status: 429, code: 'quota-exhausted' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_500);
  });

  it('is not spent on a request that was refused, or that brought nothing new', async () => {
    const { taken } = await ledger(2);
    const key = gateway.key({ quota });
    const refused = gateway.key({ quota, permissions: ['users:read'] });
    expect((await call(refused)).status).toBe(403);
    expect(taken()).toBe(0);
    const etag = (await call(key)).headers.get('etag')!;
    for (let round = 0; round < 5; round += 1) {
      await eventually(async () => (await call(key, { 'if-none-match': etag })).status === 304);
    }
    expect((await call(key)).status).toBe(200);
    await eventually(async () => (await call(key)).status === 429);
  });

  it('is spent though the clock of the gateway is ahead of the end of its day', async () => {
    let asked = 0;
    await gateway.services.answer(TakeQuota, ({ units }) => {
      asked += 1;
      const periodEnd = new Date(Date.now() - 1_000).toISOString();
      return { units, periodStart: '2026-01-01T00:00:00.000Z', periodEnd };
    });
    expect((await call(gateway.key({ quota }))).status).toBe(200);
    expect(asked).toBe(1);
  });

  it('is 503 while nobody keeps the ledger', async () => {
    expect((await call(gateway.key({ quota }))).status).toBe(503);
  });
});

describe('usage', () => {
  it('is told in full by the time the gateway has stopped, each batch until it was taken', async () => {
    const told = new Map<string, number>();
    let attempts = 0;
    await gateway.services.answer(RecordKeyUsage, ({ gatewayId, batch, usage }) => {
      attempts += 1;
      if (attempts === 1) throw new AppError('unavailable', 'Just starting.');
      told.set(
        `${gatewayId} ${batch}`,
        usage.reduce((sum, one) => sum + one.requests, 0),
      );
      return null;
    });
    const keyId = toId('key', newUuid());
    const key = gateway.key({ keyId });
    await Promise.all(Array.from({ length: 40 }, () => call(key)));
    await eventually(() => attempts > 1);
    await Promise.all(Array.from({ length: 10 }, () => call(key)));
    await (closed = gateway.close());
    expect([...told.values()].reduce((sum, one) => sum + one, 0)).toBe(50);
    expect(told.size).toBeLessThan(10);
  });
});
