import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testRedis, type TestRedis } from '@flotilla/testing/redis';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { Producer, type Replica, startReplica } from './replica.js';

/** What a test file has to itself. */
export interface Parties {
  nats: TestNats;
  redis: TestRedis;
  producer: Producer;
  /** A replica until the end of the test. What it keeps only changes end, unless it is told otherwise. */
  replica(env?: Partial<Parameters<typeof startReplica>[0]>): Promise<Replica>;
}

/** Gives the tests of a file a broker, a Redis and replicas. */
export function withParties(given: (parties: Parties) => void): void {
  let parties: Parties;
  const replicas: Replica[] = [];
  beforeAll(async () => {
    const [nats, redis] = await Promise.all([testNats(), testRedis()]);
    const shared = {
      NATS_URL: nats.url,
      REDIS_URL: redis.url,
      // Patient: on a busy machine Redis is silent for longer.
      REDIS_SILENCE_MS: '5000',
      CACHE_MS: '3600000',
    };
    const replica: Parties['replica'] = async (env) => {
      const started = await startReplica({ ...shared, ...env });
      replicas.push(started);
      return started;
    };
    const producer = await Producer.connect(nats.url);
    given((parties = { nats, redis, producer, replica }));
  });
  afterEach(async () => {
    parties.redis.resume();
    await Promise.all(replicas.splice(0).map((one) => one.close()));
  });
  afterAll(async () => {
    await parties.producer.close();
    await Promise.all([parties.nats.stop(), parties.redis.stop()]);
  });
}

/** Something that is true of things, and how often it was asked for. */
export class Source {
  loads = 0;
  readonly values = new Map<string, string>();

  /** A load that may be held up after it has looked. */
  readonly of = (thing: string, heldUp: Promise<unknown> = Promise.resolve()) => {
    return async (): Promise<string> => {
      this.loads += 1;
      const value = this.values.get(thing) ?? 'none';
      await heldUp;
      return value;
    };
  };
}

/** The load of what is kept. */
export const unheard = (): never => {
  throw new Error('what is kept needs no load');
};
