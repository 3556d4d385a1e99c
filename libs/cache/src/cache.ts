import { type AppError, isAppError } from '@flotilla/contracts/errors';
import { canonicalJson } from '@flotilla/contracts/canonical-json';
import { SERVICE_NAME } from '@flotilla/runtime/runtime.module';
import { Metrics } from '@flotilla/runtime/metrics';
import { Inject, Injectable } from '@nestjs/common';
import { type Cache as Layers, createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import { LRUCache } from 'lru-cache';
import { hash } from 'node:crypto';
import { CACHE_CONFIG, type CacheConfig } from './cache-config.js';
import { CacheMetrics } from './cache-metrics.js';
import { Generations } from './generations.js';
import { Invalidations } from './invalidations.js';
import { MemoryLayer } from './memory-layer.js';
import { RedisLayer } from './redis-layer.js';

const MIB = 2 ** 20;
/** That there is nothing is kept apart, so that whoever asks for what never was takes no room from what is. */
const MAX_ABSENT = 5_000;
/** And not for long: what is made afterwards may have no event. Milliseconds. */
const ABSENT_MS = 3_000;

/** A value that may be kept: plain JSON, which nobody changes. */
export interface Kept {
  /** What kind of value it is, for keys and metrics. */
  name: string;
  /** Everything that decides the value, plain JSON: whoever may see other things than others, too. */
  key: unknown;
  /** What it says something about: `user:usr_…`, `products`. */
  tags: readonly string[];
}

/**
 * Values that are asked for again and again, in this process's memory, behind which is Redis for all replicas. What is forgotten is
 * not seen again, not even by way of a load that began before. Never for a decision: until an event arrives, and as long
 * as the time limits last when it never does, a value may be out of date.
 */
@Injectable()
export class Cache {
  readonly #prefix: string;
  readonly #layers: Layers;
  readonly #absent = new LRUCache<string, AppError>({ max: MAX_ABSENT });

  constructor(
    @Inject(SERVICE_NAME) service: string,
    @Inject(CACHE_CONFIG) private readonly config: CacheConfig,
    redis: RedisLayer,
    private readonly generations: Generations,
    private readonly invalidations: Invalidations,
    private readonly counts: CacheMetrics,
    metrics: Metrics,
  ) {
    this.#prefix = `cache:${service}:`;
    const memory = new MemoryLayer(config.cacheMib * MIB, counts);
    metrics.gauge('cache_memory_bytes', 'Memory that values take', [], () => memory.size);
    this.#layers = createCache({ stores: [memoryStore(memory), ...redisStore(redis)] });
  }

  /**
   * The value, as it was kept or as `load` gives it; who asks while it is being loaded waits for the same. A `not-found` that it throws
   * is kept as well, for a shorter time. Throws what `load` throws.
   */
  async read<Value>(kept: Kept, load: () => Promise<Value>): Promise<Value> {
    // Who does not hear what goes out of date remembers nothing.
    if (this.config.cacheMs === 0 || !this.invalidations.areHeard) return load();
    this.counts.reads.inc({ name: kept.name });
    const address = await this.addressOf(kept);
    const absent = this.#absent.get(address);
    if (absent) throw absent;
    return this.#layers.wrap(
      address,
      () => this.load(kept, address, load),
      () => shorter(this.config.cacheMs),
    );
  }

  /**
   * Has every replica forget what has one of these tags: this one at once, whoever asks Redis from the end of it on, and the others as
   * soon as they hear of it.
   */
  async forget(tags: readonly string[]): Promise<void> {
    this.invalidations.announce(tags);
    await this.generations.forget(tags);
  }

  private async load<Value>(
    kept: Kept,
    address: string,
    load: () => Promise<Value>,
  ): Promise<Value> {
    const { name } = kept;
    try {
      const value = await load();
      const isStale = (await this.addressOf(kept)) !== address;
      this.counts.loads.inc({ name, outcome: isStale ? 'stale' : 'kept' });
      return value;
    } catch (error) {
      const isAbsent = isAppError(error, 'not-found');
      this.counts.loads.inc({ name, outcome: isAbsent ? 'absent' : 'error' });
      if (isAbsent) this.#absent.set(address, error, { ttl: shorter(ABSENT_MS) });
      throw error;
    }
  }

  private async addressOf({ name, key, tags }: Kept): Promise<string> {
    const generations = await this.generations.of(tags);
    const parts = canonicalJson({ key, generations });
    return `${this.#prefix}${name}:${hash('sha256', parts, 'base64url')}`;
  }
}

/** Up to a fifth shorter, so that what was loaded together is not loaded again together. */
function shorter(ms: number): number {
  return Math.ceil(ms * (1 - Math.random() / 5));
}

function memoryStore(store: MemoryLayer): Keyv {
  return new Keyv({ store, useKeyPrefix: false });
}

function redisStore(store: RedisLayer): Keyv[] {
  if (!store.isConfigured) return [];
  // The store writes JSON itself.
  const keyv = new Keyv({
    store,
    useKeyPrefix: false,
    serialize: undefined,
    deserialize: undefined,
  });
  // Counted by the layer; the value comes from elsewhere then.
  keyv.on('error', () => undefined);
  return [keyv];
}
