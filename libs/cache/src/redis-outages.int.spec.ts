import { randomUUID } from 'node:crypto';
import { eventually } from '@flotilla/testing/eventually';
import type { TestRedis } from '@flotilla/testing/redis';
import { describe, expect, it } from '@jest/globals';
import { type Parties, Source, unheard, withParties } from '../test/parties.js';
import { type Producer, type Replica, thingTag } from '../test/replica.js';

let redis: TestRedis;
let producer: Producer;
let replica: Parties['replica'];
withParties((parties) => ({ redis, producer, replica } = parties));

/** Something is looked up there, and not found. */
function untilRedisAnswers(shop: Replica): Promise<unknown> {
  const misses = () => shop.metric('cache_lookups_total', { layer: 'redis', outcome: 'miss' });
  return eventually(async () => {
    const before = await misses();
    await shop.read(randomUUID(), () => Promise.resolve('any'));
    return (await misses()) > before;
  });
}

describe('when Redis', () => {
  const impatient = { REDIS_SILENCE_MS: '100' };
  /** Far from how long a Redis that is waited for would keep these tests waiting; a busy machine takes some of it. */
  const BOUND_MS = 4_000;

  it('is silent, answers are right and in time, and what it was not told is not believed later', async () => {
    const shop = await replica(impatient);
    const source = new Source();
    const thing = randomUUID();
    source.values.set(thing, 'old');
    await shop.read(thing, source.of(thing));

    redis.pause();
    const began = performance.now();
    await shop.cache.forget([thingTag('another')]);
    // While Redis is left alone, so that not even a message that it reads later tells it.
    source.values.set(thing, 'new');
    await shop.cache.forget([thingTag(thing)]);
    for (const question of [1, 2]) {
      const answered = await shop.read('third', () => Promise.resolve(1), { question });
      expect(answered).toBe(1);
      expect(await shop.read('third', unheard, { question })).toBe(1);
    }
    expect(performance.now() - began).toBeLessThan(BOUND_MS);

    redis.resume();
    await untilRedisAnswers(shop);
    expect(await shop.read(thing, source.of(thing))).toBe('new');
  });

  it('is wiped, answers are right', async () => {
    const [one, other] = [await replica(), await replica()];
    const source = new Source();
    const thing = randomUUID();
    for (const shop of [one, other]) await shop.read(thing, source.of(thing));

    await one.wipeRedis();
    expect(await one.read(thing, unheard)).toBe('none');
    source.values.set(thing, 'new');
    await producer.changed(thing);

    for (const shop of [one, other, await replica()]) {
      await eventually(async () => (await shop.read(thing, source.of(thing))) === 'new');
    }
  });

  it('is started anew with what it had, nothing is believed that ended meanwhile', async () => {
    const shop = await replica(impatient);
    const source = new Source();
    const thing = randomUUID();
    source.values.set(thing, 'old');
    await shop.read(thing, source.of(thing));

    await redis.kill();
    source.values.set(thing, 'new');
    await shop.cache.forget([thingTag(thing)]);
    await redis.restart();
    await untilRedisAnswers(shop);

    expect(await shop.read(thing, source.of(thing))).toBe('new');
  });

  it('is gone, memory goes on', async () => {
    const shop = await replica(impatient);
    const source = new Source();
    const [kept, thing] = [randomUUID(), randomUUID()];
    await shop.read(kept, source.of(kept));

    await redis.kill();
    try {
      const began = performance.now();
      expect(await shop.read(kept, unheard)).toBe('none');
      source.values.set(thing, 'one');
      expect(await shop.read(thing, source.of(thing))).toBe('one');
      expect(performance.now() - began).toBeLessThan(BOUND_MS);
      source.values.set(thing, 'two');
      await producer.changed(thing);
      await eventually(async () => (await shop.read(thing, source.of(thing))) === 'two');
    } finally {
      await redis.restart();
    }
  });
});
