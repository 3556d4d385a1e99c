import { Cache } from '@flotilla/cache/cache';
import { cacheConfig } from '@flotilla/cache/cache-config';
import { CacheModule } from '@flotilla/cache/cache.module';
import { Invalidations } from '@flotilla/cache/invalidations';
import { type EventEnvelope, eventChannel, eventSubject } from '@flotilla/contracts/events';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { startService } from '@flotilla/runtime/bootstrap';
import { processConfig } from '@flotilla/runtime/config';
import { Metrics } from '@flotilla/runtime/metrics';
import { RedisLink } from '@flotilla/runtime/redis-link';
import { RedisModule } from '@flotilla/runtime/redis.module';
import { eventually } from '@flotilla/testing/eventually';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type NatsConnection, connect } from '@nats-io/transport-node';

/** Things change in a service of this name. */
const CHANNEL = eventChannel('things');
/** Ends in a hash. */
const VALUE_OF_A_THING = /:thing:[\w-]{43}$/;

/** One of the processes that share a cache. */
export interface Replica {
  readonly cache: Cache;
  /** Of a thing, as whoever asks for it is given it. */
  read<Value>(thing: string, load: () => Promise<Value>, key?: unknown): Promise<Value>;
  /** What `/metrics` says of this, by the labels given. */
  metric(name: string, labels?: Record<string, string>): Promise<number>;
  hears(): boolean;
  /** How long Redis will go on keeping each value that it has of things, in milliseconds. */
  lifetimesInRedis(): Promise<number[]>;
  /** Redis forgets everything. */
  wipeRedis(): Promise<void>;
  close(): Promise<void>;
}

export async function startReplica(env: {
  NATS_URL: string;
  REDIS_URL?: string;
  REDIS_SILENCE_MS?: string;
  CACHE_MS?: string;
  CACHE_MIB?: string;
}): Promise<Replica> {
  const config = { ...processConfig({ ...env, LOG_LEVEL: 'silent' }), ...cacheConfig(env) };
  let app: NestFastifyApplication;
  class ReplicaModule {}
  const service = await startService({
    name: 'shop',
    config,
    module: {
      module: ReplicaModule,
      imports: [
        MessagingModule.forRoot({ ...config, service: 'shop' }),
        RedisModule.forRoot(config),
        CacheModule.forRoot(config, {
          events: [
            { channel: CHANNEL, filter: 'thing.*', tags: ({ subject }) => [thingTag(subject)] },
          ],
        }),
      ],
    },
    prepare: (made) => void (app = made),
  });
  const cache = app!.get(Cache);
  const redis = app!.get(RedisLink, { strict: false });
  const hears = (): boolean => app.get(Invalidations, { strict: false }).areHeard;
  await eventually(hears);
  // Until then a replica keeps to itself what it loads.
  if (redis.isConfigured) await eventually(() => redis.run((client) => client.ping()));
  return {
    cache,
    read: (thing, load, key = thing) =>
      cache.read({ name: 'thing', key, tags: [thingTag(thing)] }, load),
    metric: async (name, labels = {}) => {
      const lines = (await app.get(Metrics, { strict: false }).text()).split('\n');
      const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      return lines
        .filter((line) => line.startsWith(`${name}{`) && wanted.every((one) => line.includes(one)))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
    hears,
    lifetimesInRedis: () =>
      redis.run(async (client) => {
        const keys = (await client.keys('*')).filter((key) => VALUE_OF_A_THING.test(key));
        return Promise.all(keys.map((key) => client.pTTL(key)));
      }),
    wipeRedis: async () => {
      await redis.run((client) => client.flushAll());
    },
    close: () => service.close(),
  };
}

export function thingTag(thing: string): string {
  return `thing:${thing}`;
}

/** What tells of things, as a relay does. */
export class Producer {
  private constructor(private readonly connection: NatsConnection) {}

  static async connect(url: string): Promise<Producer> {
    const { host, username: user, password: pass } = new URL(url);
    return new Producer(
      await connect({
        servers: host,
        user,
        pass,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 50,
      }),
    );
  }

  async changed(thing: string): Promise<void> {
    const event: Partial<EventEnvelope> = { type: 'thing.changed', subject: thing };
    this.connection.publish(eventSubject(CHANNEL, 'thing.changed'), JSON.stringify(event));
    await this.connection.flush();
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
