import { randomUUID } from 'node:crypto';
import { SERVICE_NAME } from '@flotilla/runtime/runtime.module';
import { LRUCache } from 'lru-cache';
import { Inject, Injectable } from '@nestjs/common';
import { RedisLayer } from './redis-layer.js';

/** Tags whose generation is kept in memory; of others it is asked for, or begun anew. */
const MAX_TAGS = 50_000;
/** How long before Redis is asked again, so that replicas that have begun different ones come together. Milliseconds. */
const KNOWN_MS = 5_000;
/** How long Redis keeps one. Milliseconds. */
const SHARED_MS = 10 * 60_000;

interface Known {
  generation: Promise<string>;
  /** On the clock of `performance.now()`. */
  until: number;
}

/** Stands for all tags. */
const EVERYTHING = '*';

/**
 * Every tag is at a generation, a random text, which is part of the key of every value with that tag. To forget a tag's values is to
 * forget its generation: nobody finds them from then on, and what is still being loaded arrives under a key that nobody asks for.
 *
 * Redis holds the generations that replicas share. That none of them ever comes back, however slow a replica is, rests on this:
 * a generation is written to Redis once, by whoever made it up, and used by anybody only after Redis is known to have it. So what
 * is loaded under one that is found there after a tag was forgotten there, was asked for after that. What Redis could not be told
 * to forget, or may have been told in vain because it came back as it was before, is made up for before a generation is read from
 * it again.
 */
@Injectable()
export class Generations {
  readonly #known = new LRUCache<string, Known>({ max: MAX_TAGS });
  /** Settles when Redis has been told all there was to tell until now, or could not be. */
  #told: Promise<unknown> = Promise.resolve();
  /** How often Redis could not be told. */
  #untold = 0;
  /** Up to which of the doubts about what Redis knows everything was ended. */
  #madeUpFor = 0;

  constructor(
    @Inject(SERVICE_NAME) private readonly service: string,
    private readonly redis: RedisLayer,
  ) {}

  /** The generations of these tags, and of all of them together. */
  async of(tags: readonly string[]): Promise<string[]> {
    const own = await Promise.all(tags.map((tag) => this.generation(tag)));
    // Last: finding one of the others may have ended this one.
    return [await this.generation(EVERYTHING), ...own];
  }

  /** From the call on, nobody here is given the generations of before; from its end on, nobody who asks Redis. */
  forget(tags: readonly string[]): Promise<void> {
    for (const tag of tags) this.#known.delete(tag);
    if (!this.redis.isConfigured) return Promise.resolve();
    const telling = this.tellRedis(tags);
    this.#told = Promise.all([this.#told, telling]);
    return telling;
  }

  forgetEverything(): Promise<void> {
    return this.forget([EVERYTHING]);
  }

  private generation(tag: string): Promise<string> {
    const now = performance.now();
    const known = this.#known.get(tag);
    if (known && now < known.until) return known.generation;
    const generation = this.find(tag, known?.generation);
    const until = this.redis.isConfigured ? now + KNOWN_MS : Infinity;
    this.#known.set(tag, { generation, until });
    return generation;
  }

  /** The one in Redis; when there is none, one of our own; when Redis is away, that of before if it is not forgotten. */
  private async find(tag: string, before?: Promise<string>): Promise<string> {
    if (!this.redis.isConfigured) return randomUUID();
    try {
      await this.#told;
      while (this.doubts > this.#madeUpFor) await this.catchUp();
      const shared = await this.redis.find<string>(this.keyOf(tag));
      if (typeof shared === 'string') return shared;
      const fresh = randomUUID();
      await this.redis.set(this.keyOf(tag), fresh, SHARED_MS);
      return fresh;
    } catch {
      // Never the one that could not be written: Redis may have it all the same, and at any time.
      return before ?? randomUUID();
    }
  }

  /** How often Redis came to know generations that have ended, as far as this replica can tell. */
  private get doubts(): number {
    return this.#untold + this.redis.reconnections;
  }

  /** Which tags it is about does not matter: what all keys have in common ends. @throws RedisAway */
  private async catchUp(): Promise<void> {
    const { doubts } = this;
    await this.redis.delete(this.keyOf(EVERYTHING));
    this.#known.delete(EVERYTHING);
    this.#madeUpFor = Math.max(this.#madeUpFor, doubts);
  }

  private async tellRedis(tags: readonly string[]): Promise<void> {
    try {
      await this.redis.deleteMany(tags.map((tag) => this.keyOf(tag)));
    } catch {
      this.#untold += 1;
    }
  }

  private keyOf(tag: string): string {
    return `cache:${this.service}:tag:${tag}`;
  }
}
