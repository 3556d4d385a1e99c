import { AppError } from '@flotilla/contracts/errors';
import { Metrics } from '@flotilla/runtime/metrics';
import { RedisAway, RedisLink } from '@flotilla/runtime/redis-link';
import { Inject, Injectable } from '@nestjs/common';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import type { Policy } from './limits.js';
import { LocalWindows } from './local-windows.js';
import { PrepaidWindows } from './prepaid-windows.js';
import { RedisWindows } from './redis-windows.js';
import type { Verdict } from './sliding-window.js';

/** What came of taking a unit. */
export interface Decision extends Verdict {
  policy: Policy;
  /** Whether all gateways count in one place, so that what is left is worth telling. */
  exact: boolean;
}

/** How to take. */
export interface TakeOptions {
  /** Refused rather than guessed at. */
  sensitive?: boolean;
  /** How many; one by default. */
  units?: number;
}

/**
 * Counts in Redis for all gateways together. While Redis is away each gateway admits its share of every limit, less what it admitted
 * before, and what must not be guessed at is refused. A fleet without any Redis counts like that for good: exactly, where it has one
 * gateway.
 */
@Injectable()
export class RateLimiter {
  readonly #shared: PrepaidWindows;
  readonly #local = new LocalWindows();
  readonly #replicas: number;
  readonly #fallbacks;
  readonly #refusals;

  constructor(
    private readonly redis: RedisLink,
    @Inject(GATEWAY_CONFIG) config: GatewayConfig,
    metrics: Metrics,
  ) {
    this.#shared = new PrepaidWindows(new RedisWindows(redis));
    this.#replicas = config.replicas;
    this.#fallbacks = metrics.counter(
      'rate_limit_fallbacks_total',
      'Units that were counted by this gateway alone because Redis was away',
    );
    this.#refusals = metrics.counter('rate_limit_refusals_total', 'Refused units by policy', [
      'policy',
    ]);
  }

  /**
   * Takes one unit, or several, from the account of `subject`, such as a key's id. `sensitive` is what is refused rather than guessed at.
   * @throws AppError `unavailable` for a sensitive one while Redis is away
   */
  async take(policy: Policy, subject: string, options: TakeOptions = {}): Promise<Decision> {
    const decision = await this.decide(policy, `${policy.name}:${subject}`, options);
    if (!decision.admitted) this.#refusals.inc({ policy: policy.name });
    return decision;
  }

  /** Gives back units that were not used; best effort. */
  giveBack(policy: Policy, subject: string, units: number): void {
    if (units === 0) return;
    const bucket = `${policy.name}:${subject}`;
    this.#local.charge(bucket, policy, -units);
    if (this.redis.isConfigured) {
      this.#shared.giveBack(bucket, policy, units).catch(() => undefined);
    }
  }

  private async decide(
    policy: Policy,
    bucket: string,
    { sensitive = false, units = 1 }: TakeOptions,
  ): Promise<Decision> {
    if (!this.redis.isConfigured) return this.alone(policy, bucket, units);
    try {
      const verdict = await this.#shared.take(bucket, policy, units);
      if (verdict.admitted) this.alone(policy, bucket, units);
      return { ...verdict, policy, exact: true };
    } catch (error) {
      if (!(error instanceof RedisAway)) throw error;
    }
    this.#fallbacks.inc();
    if (sensitive) {
      throw new AppError('unavailable', 'This is temporarily unavailable.', {
        details: { retryAfterSeconds: 1 },
      });
    }
    return { ...this.alone(policy, bucket, units), exact: false };
  }

  /** This gateway's share. */
  private alone(policy: Policy, bucket: string, units: number): Decision {
    const limit = Math.max(1, Math.floor(policy.limit / this.#replicas));
    const verdict = this.#local.charge(bucket, { ...policy, limit }, units);
    return { ...verdict, policy, exact: this.#replicas === 1 };
  }
}
