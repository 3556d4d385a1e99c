import type { KeyvStoreAdapter, StoredData } from 'keyv';
import { LRUCache } from 'lru-cache';
import type { CacheMetrics } from './cache-metrics.js';

/** What an entry takes besides its key and value, about. Bytes. */
const OVERHEAD = 200;

/** The layer of `cache-manager` in this process: bounded in bytes; what was used least recently makes room. */
export class MemoryLayer implements KeyvStoreAdapter {
  readonly opts = {};
  readonly #values: LRUCache<string, string>;

  constructor(
    maxBytes: number,
    private readonly metrics: CacheMetrics,
  ) {
    this.#values = new LRUCache({
      maxSize: maxBytes,
      // A character takes two bytes at most.
      sizeCalculation: (value, key) => 2 * (key.length + value.length) + OVERHEAD,
    });
  }

  /** Bytes that are taken now, about. */
  get size(): number {
    return this.#values.calculatedSize;
  }

  get<Value>(key: string): Promise<StoredData<Value> | undefined> {
    const value = this.#values.get(key);
    this.metrics.lookups.inc({
      layer: 'memory',
      outcome: value === undefined ? 'miss' : 'hit',
    });
    // Keyv reads it.
    return Promise.resolve(value as StoredData<Value> | undefined);
  }

  set(key: string, value: string, ttl: number): boolean {
    this.#values.set(key, value, { ttl });
    return true;
  }

  delete(key: string): Promise<boolean> {
    return Promise.resolve(this.#values.delete(key));
  }

  clear(): Promise<void> {
    this.#values.clear();
    return Promise.resolve();
  }

  on(): this {
    return this;
  }
}
