import { randomUUID } from 'node:crypto';
import { AppError, notFound } from '@flotilla/contracts/errors';
import { eventually } from '@flotilla/testing/eventually';
import type { TestNats } from '@flotilla/testing/nats';
import { tcpProxy, type TcpProxy } from '@flotilla/testing/tcp-proxy';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Parties, Source, unheard, withParties } from '../test/parties.js';
import { type Producer, thingTag } from '../test/replica.js';

let nats: TestNats;
let proxy: TcpProxy;
let producer: Producer;
let replica: Parties['replica'];
withParties((parties) => ({ nats, producer, replica } = parties));
beforeAll(async () => (proxy = await tcpProxy(nats.url)));
afterAll(() => proxy.close());

describe('a cache', () => {
  it('loads once for a thousand who ask at the same time', async () => {
    const shop = await replica();
    const source = new Source();
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const thing = randomUUID();
    source.values.set(thing, 'one');

    const asked = Array.from({ length: 1_000 }, () => shop.read(thing, source.of(thing, arrived)));
    await eventually(() => source.loads > 0);
    arrive();

    expect(new Set(await Promise.all(asked))).toEqual(new Set(['one']));
    expect(source.loads).toBe(1);
    expect(await shop.metric('cache_reads_total')).toBe(1_000);
    expect(await shop.metric('cache_loads_total', { outcome: 'kept' })).toBe(1);
  });

  it('gives one replica what another has loaded', async () => {
    const [one, other] = [await replica(), await replica()];
    const value = await one.read('shared', () => Promise.resolve({ at: [1, 'two', null] }));

    expect(await other.read('shared', unheard)).toEqual(value);
    expect(await other.metric('cache_lookups_total', { layer: 'redis', outcome: 'hit' })).toBe(1);
    expect(await other.read('shared', unheard)).toEqual(value);
    expect(await other.metric('cache_lookups_total', { layer: 'memory', outcome: 'hit' })).toBe(1);
  });

  it('never answers one question with the answer to another, however alike they are', async () => {
    const shop = await replica();
    const question = fc.record({
      user: fc.constantFrom('ada', 'bob', 'ada:bob', 'ada","bob', ''),
      mode: fc.constantFrom('live', 'test'),
      permissions: fc.subarray(['users:read', 'users:admin']),
      page: fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constantFrom('0', '1', null)),
    });
    const named = fc.record({ name: fc.constantFrom('a', 'a:b', 'b'), key: question });

    await fc.assert(
      fc.asyncProperty(fc.array(named, { minLength: 2, maxLength: 30 }), async (asked) => {
        const answers = await Promise.all(
          asked.map(({ name, key }) => {
            const load = () => Promise.resolve(JSON.stringify([name, key]));
            return shop.cache.read({ name, key, tags: [thingTag(key.user)] }, load);
          }),
        );
        expect(answers).toEqual(asked.map(({ name, key }) => JSON.stringify([name, key])));
      }),
      { numRuns: 50 },
    );
    expect(await shop.metric('cache_lookups_total', { outcome: 'hit' })).toBeGreaterThan(0);
  });

  it('keeps that there is nothing, apart and for a short time, until it is made', async () => {
    const shop = await replica();
    const thing = randomUUID();
    let loads = 0;
    const absent = () => {
      loads += 1;
      return Promise.reject(notFound('thing'));
    };
    const refused = { code: 'not-found' };

    await expect(shop.read(thing, absent)).rejects.toMatchObject(refused);
    await expect(shop.read(thing, absent)).rejects.toMatchObject(refused);
    expect(loads).toBe(1);
    expect(await shop.metric('cache_memory_bytes')).toBe(0);

    await producer.changed(thing);
    await eventually(
      async () => (await shop.read(thing, () => Promise.resolve('made'))) === 'made',
    );
  });

  it('keeps no other failure', async () => {
    const shop = await replica();
    const thing = randomUUID();
    const away = () => Promise.reject(new AppError('unavailable', 'Away.'));

    await expect(shop.read(thing, away)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await shop.read(thing, () => Promise.resolve('back'))).toBe('back');
  });

  it('takes no more memory than it was given, whatever is asked', async () => {
    const shop = await replica({ CACHE_MIB: '1', REDIS_URL: undefined });
    const value = 'x'.repeat(10_000);

    for (let index = 0; index < 200; index += 1) {
      await shop.read(`bulk-${index}`, () => Promise.resolve(value));
    }

    const taken = await shop.metric('cache_memory_bytes');
    expect(taken).toBeLessThanOrEqual(2 ** 20);
    expect(taken).toBeGreaterThan(2 ** 19);
    expect(await shop.read('bulk-199', unheard)).toBe(value);
    expect(await shop.read('bulk-0', () => Promise.resolve('again'))).toBe('again');
  });

  it('keeps what was loaded together for different times, up to a fifth shorter than it may', async () => {
    const hour = 3_600_000;
    const shop = await replica({ CACHE_MS: String(hour) });
    await shop.wipeRedis();
    const things = Array.from({ length: 20 }, () => randomUUID());

    await Promise.all(things.map((thing) => shop.read(thing, () => Promise.resolve('any'))));

    const lifetimes = await eventually(async () => {
      const found = await shop.lifetimesInRedis();
      return found.length === things.length && found;
    });
    const [shortest, longest] = [Math.min(...lifetimes), Math.max(...lifetimes)];
    expect(longest).toBeLessThanOrEqual(hour);
    expect(shortest).toBeGreaterThan(hour * 0.8 - 60_000);
    expect(longest - shortest).toBeGreaterThan(hour * 0.02);
  });

  it('keeps nothing when it is told to', async () => {
    const shop = await replica({ CACHE_MS: '0' });
    const source = new Source();

    await shop.read('off', source.of('off'));
    await shop.read('off', source.of('off'));

    expect(source.loads).toBe(2);
  });
});

describe('what changed', () => {
  it('is seen by all replicas within 200 ms of its event, and always before its time is up', async () => {
    const [one, other] = [await replica(), await replica()];
    const source = new Source();
    const thing = randomUUID();
    let round = 0;

    // Until it is: the machine may have something else to do for a while.
    await eventually(async () => {
      const value = String((round += 1));
      for (const shop of [one, other]) await shop.read(thing, source.of(thing));
      source.values.set(thing, value);
      const told = performance.now();
      await producer.changed(thing);
      for (const shop of [one, other]) {
        await eventually(async () => (await shop.read(thing, source.of(thing))) === value, {
          everyMs: 1,
        });
      }
      return performance.now() - told < 200;
    });
  });

  it('is seen by the replica that says so before that answers, and by the others without an event', async () => {
    const [one, other] = [await replica(), await replica()];
    const source = new Source();
    for (const shop of [one, other]) await shop.read('own', source.of('own'));

    source.values.set('own', 'new');
    await one.cache.forget([thingTag('own')]);

    expect(await one.read('own', source.of('own'))).toBe('new');
    await eventually(async () => (await other.read('own', source.of('own'))) === 'new');
  });

  it('is not undone by a load that began before, and nobody joins that', async () => {
    const shop = await replica();
    const source = new Source();
    const thing = randomUUID();
    source.values.set(thing, 'old');
    let arrive = () => {};
    const late = shop.read(
      thing,
      source.of(thing, new Promise<void>((resolve) => (arrive = resolve))),
    );
    await eventually(() => source.loads === 1);

    source.values.set(thing, 'new');
    await shop.cache.forget([thingTag(thing)]);

    expect(await shop.read(thing, source.of(thing))).toBe('new');
    arrive();
    expect(await late).toBe('old');
    expect(await shop.read(thing, unheard)).toBe('new');
    expect(await shop.metric('cache_loads_total', { outcome: 'stale' })).toBe(1);
  });

  it('is not undone by way of Redis by a replica that hears of it late', async () => {
    const late = await replica({ NATS_URL: proxy.url });
    const prompt = await replica();
    const source = new Source();
    const thing = randomUUID();
    source.values.set(thing, 'old');
    // Whatever it has begun: a load that is on its way, and one that begins when it should have heard.
    let arrive = () => {};
    const begun = late.read(
      thing,
      source.of(thing, new Promise<void>((resolve) => (arrive = resolve))),
    );
    await eventually(() => source.loads === 1);
    await late.read(thing, () => Promise.resolve('old'), 'another question');
    proxy.cut();

    source.values.set(thing, 'new');
    await producer.changed(thing);
    await eventually(async () => (await prompt.metric('cache_invalidations_total')) > 0);
    arrive();
    expect(await begun).toBe('old');

    expect(await prompt.read(thing, source.of(thing))).toBe('new');
    expect(await prompt.read(thing, () => Promise.resolve('new'), 'another question')).toBe('new');
    proxy.heal();
    await eventually(async () => (await late.read(thing, source.of(thing))) === 'new');
  });

  it('shows in the end when nobody tells of it', async () => {
    const shop = await replica({ CACHE_MS: '300' });
    const source = new Source();
    const thing = randomUUID();
    await shop.read(thing, source.of(thing));

    source.values.set(thing, 'new');

    await eventually(async () => (await shop.read(thing, source.of(thing))) === 'new');
  });

  it('shows at once to who was cut off when it happened', async () => {
    const shop = await replica();
    const source = new Source();
    const thing = randomUUID();
    await shop.read(thing, source.of(thing));

    await nats.kill();
    source.values.set(thing, 'new');
    await eventually(() => !shop.hears());
    expect(await shop.read(thing, source.of(thing))).toBe('new');
    await nats.restart();
    await eventually(() => shop.hears());

    expect(await shop.read(thing, source.of(thing))).toBe('new');
    expect(await shop.read(thing, unheard)).toBe('new');
    await eventually(() => producer.changed(thing).then(() => true));
  });
});
