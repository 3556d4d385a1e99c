import { type RedisClient, RedisLink } from '@flotilla/runtime/redis-link';
import { type CacheManagerStore, KeyvAdapter } from 'cache-manager';
import { redisInsStore } from 'cache-manager-redis-yet';
import type { KeyvStoreAdapter, StoredData } from 'keyv';
import { Injectable } from '@nestjs/common';
import { CacheMetrics } from './cache-metrics.js';

/**
 * The layer of `cache-manager` that all replicas share: the store for Redis that it has, bounded in time by the process's own
 * connection. Without Redis, or while it is away, whatever is asked of it throws `RedisAway` at once.
 */
@Injectable()
export class RedisLayer implements KeyvStoreAdapter {
  readonly opts = {};
  #adapter?: KeyvAdapter;

  constructor(
    private readonly redis: RedisLink,
    private readonly metrics: CacheMetrics,
  ) {}

  /** Whether there is a Redis at all, be it up or down. */
  get isConfigured(): boolean {
    return this.redis.isConfigured;
  }

  /** How often Redis was lost and is back, perhaps without what it was told last. */
  get reconnections(): number {
    return this.redis.reconnections;
  }

  async get<Value>(key: string): Promise<StoredData<Value> | undefined> {
    let outcome = 'error';
    try {
      const value = await this.find<StoredData<Value>>(key);
      outcome = value === undefined ? 'miss' : 'hit';
      return value;
    } finally {
      this.metrics.lookups.inc({ layer: 'redis', outcome });
    }
  }

  /** Like `get`, for what is no value of the cache. */
  find<Found>(key: string): Promise<Found | undefined> {
    return this.run((store) => store.get(key)) as Promise<Found | undefined>;
  }

  set(key: string, value: unknown, ttl?: number): Promise<boolean> {
    return this.run((store) => store.set(key, value, ttl));
  }

  delete(key: string): Promise<boolean> {
    return this.run((store) => store.delete(key));
  }

  deleteMany(keys: string[]): Promise<boolean> {
    return this.run((store) => store.deleteMany!(keys));
  }

  /** Not to be had: the store under this one would empty the whole database, limits and all. */
  clear(): Promise<void> {
    return Promise.reject(new Error('Redis is not emptied; forget a tag instead.'));
  }

  on(): this {
    return this;
  }

  private run<Answer>(ask: (store: KeyvAdapter) => Promise<Answer>): Promise<Answer> {
    return this.redis.run((client) => ask((this.#adapter ??= adapterOf(client))));
  }
}

function adapterOf(client: RedisClient): KeyvAdapter {
  type Given = Parameters<typeof redisInsStore>[0];
  // Its types are of another copy of the same client, and of a store as cache-manager 5 had it.
  return new KeyvAdapter(redisInsStore(client as unknown as Given) as unknown as CacheManagerStore);
}
