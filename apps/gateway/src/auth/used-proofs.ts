import { Metrics } from '@flotilla/runtime/metrics';
import { RedisAway, RedisLink } from '@flotilla/runtime/redis-link';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

/** About 0.2 KB each. */
const MAX_PROOFS = 100_000;

/** 1 for whoever comes first. */
const SCRIPT = `return redis.call('SET', KEYS[1], 1, 'NX', 'PX', ARGV[1]) and 1 or 0`;

/**
 * Proofs that were used, in memory and, so that no other gateway takes them again, in Redis. While Redis is away, or where there
 * is none, each gateway knows its own only: a proof that somebody overheard may then be used once more at each of the others, by
 * who has the token as well, for the same method and address, until it is too old. Refusing everybody instead would be worse.
 */
@Injectable()
export class UsedProofs {
  private readonly here = new LRUCache<string, true>({ max: MAX_PROOFS });
  private readonly fallbacks;

  constructor(
    private readonly redis: RedisLink,
    metrics: Metrics,
  ) {
    this.fallbacks = metrics.counter(
      'dpop_fallbacks_total',
      'DPoP proofs that this gateway alone knows to be used, for want of Redis',
    );
  }

  /** Whether nobody has used it before; `forMs` is how long it would be good. */
  async useOnce(proof: string, forMs: number): Promise<boolean> {
    if (this.here.has(proof)) return false;
    this.here.set(proof, true, { ttl: forMs });
    if (!this.redis.isConfigured) return true;
    try {
      return (await this.redis.evaluate(SCRIPT, [`dpop:${proof}`], [String(forMs)])) === 1;
    } catch (error) {
      if (!(error instanceof RedisAway)) throw error;
      this.fallbacks.inc();
      return true;
    }
  }
}
