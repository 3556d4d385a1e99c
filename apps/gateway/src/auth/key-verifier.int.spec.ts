import { ListOrders } from '@flotilla/contracts/orders';
import { newUuid, toId } from '@flotilla/contracts/ids';
import { LEASE_MS } from '@flotilla/contracts/revocation';
import { eventually } from '@flotilla/testing/eventually';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type GatewayUnderTest,
  gatewayUnderTest,
  wellFormedKey,
} from '../../test/gateway-under-test.js';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await gatewayUnderTest();
  await gateway.services.answer(ListOrders, () => ({ data: [], nextCursor: null, cursors: [] }));
});
afterEach(() => gateway.beforeAnswering(undefined));
afterAll(() => gateway.close());

const call = async (key: string): Promise<number> =>
  (await gateway.fetch('/api/orders', { key })).status;

/** How many look-ups something takes. */
async function lookUpsOf(work: () => Promise<unknown>): Promise<number> {
  const before = gateway.lookups();
  await work();
  return gateway.lookups() - before;
}

/** Keeps answers back until it is called. */
function holdAnswers(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  gateway.beforeAnswering(() => promise);
  return resolve;
}

/** A key that is good and known to the gateway, with the id of it and of its owner. */
async function warmKey() {
  const ids = { keyId: toId('key', newUuid()), userId: toId('usr', newUuid()) };
  const key = gateway.key(ids);
  expect(await call(key)).toBe(200);
  return { key, ...ids };
}

describe('a key', () => {
  it('is looked up once, and then known', async () => {
    const { key } = await warmKey();
    expect(await lookUpsOf(() => Promise.all([call(key), call(key), call(key)]))).toBe(0);
  });

  it('is looked up once, however many come with it at the same time', async () => {
    const key = gateway.key();
    const release = holdAnswers();
    const lookUps = await lookUpsOf(async () => {
      const before = gateway.lookups();
      const calls = Array.from({ length: 50 }, () => call(key));
      await eventually(() => gateway.lookups() > before);
      release();
      expect(new Set(await Promise.all(calls))).toEqual(new Set([200]));
    });
    expect(lookUps).toBe(1);
  });

  it('with one character changed costs no look-up', async () => {
    const { key } = await warmKey();
    const typo = key.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    expect(await lookUpsOf(async () => expect(await call(typo)).toBe(401))).toBe(0);
  });

  it('that nobody issued is looked up once in a while, not each time', async () => {
    const key = wellFormedKey();
    expect(await lookUpsOf(async () => expect(await call(key)).toBe(401))).toBe(1);
    expect(await lookUpsOf(async () => expect(await call(key)).toBe(401))).toBe(0);
  });

  it('works at once, although it was asked for just before it was made', async () => {
    await soon(async () => {
      const key = wellFormedKey();
      expect(await call(key)).toBe(401);
      gateway.change(key, { keyId: toId('key', newUuid()) });
      await gateway.feeds.apiKeys.revoke({ kind: 'api-key', id: toId('key', newUuid()) });
      return async () => (await call(key)) === 200;
    });
  });

  it('ends at its expiry, also when it is known', async () => {
    const expiresAt = new Date(Date.now() + 2_000).toISOString();
    const key = gateway.key({ expiresAt });
    expect(await call(key)).toBe(200);
    const lookUps = await lookUpsOf(() => eventually(async () => (await call(key)) === 401));
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    expect(lookUps).toBe(0);
  });
});

/** Makes something happen that a gateway sees sooner than by its next lease: on a busy machine not every time. */
async function soon(happen: () => Promise<() => Promise<boolean>>): Promise<void> {
  await eventually(async () => {
    const isSeen = await happen();
    await eventually(isSeen, { timeoutMs: LEASE_MS });
  });
}

describe('a revoked key', () => {
  it('is refused from the entry on', async () => {
    await soon(async () => {
      const { key, keyId } = await warmKey();
      gateway.change(key, null);
      await gateway.feeds.apiKeys.revoke({ kind: 'api-key', id: keyId });
      return async () => (await call(key)) === 401;
    });
  });

  it('is refused within a lease, although the gateway was never told', async () => {
    const { key, keyId } = await warmKey();
    gateway.change(key, null);
    gateway.feeds.apiKeys.commit({ kind: 'api-key', id: keyId });
    const committed = performance.now();
    await eventually(() => performance.now() - committed >= LEASE_MS);
    expect(await call(key)).not.toBe(200);
    await eventually(async () => (await call(key)) === 401);
  });

  it('does not come back by an answer that was on its way', async () => {
    const ids = { keyId: toId('key', newUuid()) };
    const key = gateway.key(ids);
    const release = holdAnswers();
    const before = gateway.lookups();
    const slow = call(key);
    await eventually(() => gateway.lookups() > before);
    gateway.beforeAnswering(undefined);
    gateway.change(key, null);
    await gateway.feeds.apiKeys.revoke({ kind: 'api-key', id: ids.keyId });
    // The gateway answers a request that came after the entry: it has applied it.
    expect(await call(gateway.key())).toBe(200);
    release();
    expect(await slow).toBe(401);
    expect(await call(key)).toBe(401);
  });

  it('is refused when its owner may not enter any more', async () => {
    await soon(async () => {
      const { key, userId } = await warmKey();
      gateway.change(key, null);
      const standing = { lowestVersion: 2, disabled: true };
      await gateway.feeds.identity.revoke({ kind: 'user', id: userId, ...standing });
      return async () => (await call(key)) === 401;
    });
  });
});

describe('without a lease', () => {
  it.each(['identity', 'apiKeys'] as const)(
    'of %s a key that is known is 503, and works again with one',
    async (service) => {
      const { key } = await warmKey();
      await gateway.feeds[service].stopLeases();
      await eventually(async () => (await call(key)) === 503);
      expect(await call(key)).toBe(503);
      await gateway.feeds[service].renewLeases();
      await eventually(async () => (await call(key)) === 200);
    },
  );

  it('what needs no credential is served', async () => {
    await gateway.feeds.identity.stopLeases();
    expect((await gateway.fetch('/healthz')).status).toBe(200);
    await gateway.feeds.identity.renewLeases();
  });
});
