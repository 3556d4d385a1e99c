import { createHash } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { createClient } from 'redis';
import type { RedisConfig } from './config.js';
import { Logger } from './logger.js';
import { Metrics } from './metrics.js';
import { SilenceWatch } from './silence-watch.js';

/** Token of the `RedisConfig`. */
export const REDIS_CONFIG = Symbol('RedisConfig');

/** How long Redis is left alone after it did not answer in time, in milliseconds. */
const REST_MS = 250;
const CONNECT_TIMEOUT_MS = 500;
const MAX_QUEUE = 1_000;

/** Redis did not answer, or not in time. */
export class RedisAway extends Error {
  override readonly name = 'RedisAway';
}

/** The client's own interface. */
export type RedisClient = ReturnType<typeof createClient>;

/** A process's one connection to Redis, which may be away at any time. It connects by itself, again and again. */
@Injectable()
export class RedisLink implements OnModuleInit, OnApplicationShutdown {
  readonly #client?: RedisClient;
  readonly #hashes = new Map<string, string>();
  readonly #watch: SilenceWatch;
  #restUntil = 0;
  #isDown = false;
  #connections = 0;

  constructor(
    @Inject(REDIS_CONFIG) config: RedisConfig,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.#watch = new SilenceWatch(config.redisSilenceMs, () => {
      this.#restUntil = performance.now() + REST_MS;
      return new RedisAway('Redis did not answer in time.');
    });
    const up = metrics.gauge('redis_up', 'Whether Redis is connected');
    if (config.redisUrl === undefined) return;
    this.#client = createClient({
      url: config.redisUrl,
      disableOfflineQueue: true,
      commandsQueueMaxLength: MAX_QUEUE,
      socket: {
        connectTimeout: CONNECT_TIMEOUT_MS,
        reconnectStrategy: (attempts) => Math.min(50 * attempts, 500),
      },
    });
    this.#client.on('ready', () => {
      this.#connections += 1;
      up.set({}, 1);
      if (this.#isDown) this.logger.info({}, 'Redis is back');
      this.#isDown = false;
    });
    this.#client.on('error', (error: Error) => {
      up.set({}, 0);
      if (!this.#isDown) this.logger.warn({ err: error }, 'Redis is away');
      this.#isDown = true;
    });
  }

  /** Whether there is a Redis at all, be it up or down. */
  get isConfigured(): boolean {
    return this.#client !== undefined;
  }

  /** How often it was lost and is back. Whoever answers then may lack what Redis was told last: after a start from disk, or of another. */
  get reconnections(): number {
    return Math.max(0, this.#connections - 1);
  }

  onModuleInit(): void {
    this.#client?.connect().catch(() => undefined); // said by the event, and tried again
  }

  /**
   * The answer of `command`.
   * @throws RedisAway when Redis is not connected, or says nothing to anybody for a while; it may do as it was told all the same
   */
  run<Answer>(command: (client: RedisClient) => Promise<Answer>): Promise<Answer> {
    const client = this.#client;
    if (!client?.isReady || performance.now() < this.#restUntil) {
      return Promise.reject(new RedisAway('Redis is away.'));
    }
    return this.#watch.wait(
      command(client).catch((cause: unknown) => {
        throw new RedisAway('Redis failed.', { cause });
      }),
    );
  }

  /** The answer of a Lua script. @throws RedisAway as `run` does */
  evaluate(script: string, keys: string[], args: string[]): Promise<unknown> {
    return this.run((client) => this.byHash(client, script, keys, args));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#client?.disconnect().catch(() => undefined);
  }

  /** By its hash, which Redis knows from the second time on. */
  private async byHash(
    client: RedisClient,
    script: string,
    keys: string[],
    args: string[],
  ): Promise<unknown> {
    let hash = this.#hashes.get(script);
    if (hash === undefined) {
      hash = createHash('sha1').update(script).digest('hex');
      this.#hashes.set(script, hash);
    }
    try {
      return await client.evalSha(hash, { keys, arguments: args });
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.eval(script, { keys, arguments: args });
    }
  }
}
