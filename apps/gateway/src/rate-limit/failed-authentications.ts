import { type AppError, isAppError } from '@flotilla/contracts/errors';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { countedAddress } from './counted-address.js';
import { rateLimited } from './limit-headers.js';
import { LocalWindows } from './local-windows.js';
import { type Decision, RateLimiter } from './rate-limiter.js';

/** Addresses remembered at once. */
const MAX_ADDRESSES = 10_000;
/** What an address that guesses may still have looked up: enough for a newcomer who shares it, too little to guess. */
const TRICKLE = { limit: 10, windowMs: 1_000 };

/**
 * Credentials that were no good, by address. Who sends too many is told to wait, and is looked up hardly any more. Credentials that
 * are known to be good without asking anybody are let in all the same: others may share the address.
 */
@Injectable()
export class FailedAuthentications {
  /** Addresses that have used up their limit, and until when. */
  readonly #exhausted = new LRUCache<string, { decision: Decision; until: number }>({
    max: MAX_ADDRESSES,
  });
  readonly #lookUps = new LocalWindows();

  constructor(
    private readonly limiter: RateLimiter,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Counts an error that refuses a credential. The error to answer with: another one when there were too many. */
  judge(request: FastifyRequest, error: AppError): AppError {
    if (!isAppError(error, 'unauthenticated') || !carriesCredential(request)) return error;
    const address = countedAddress(request.ip);
    const refusal = this.refusal(address);
    if (!refusal) void this.count(address);
    return refusal ?? error;
  }

  /** To be called before a credential is looked up elsewhere. @throws AppError `rate-limited` */
  beforeLookUp(ip: string): void {
    const address = countedAddress(ip);
    const refusal = this.refusal(address);
    if (refusal && !this.#lookUps.charge(address, TRICKLE, 1).admitted) throw refusal;
  }

  private refusal(address: string): AppError<'rate-limited'> | undefined {
    const exhausted = this.#exhausted.get(address);
    if (!exhausted) return undefined;
    const resetMs = exhausted.until - performance.now();
    if (resetMs > 0) return rateLimited({ ...exhausted.decision, resetMs });
    this.#exhausted.delete(address);
    return undefined;
  }

  private async count(address: string): Promise<void> {
    const decision = await this.limiter.take(this.config.limits.failedAuthentication, address);
    if (decision.admitted && decision.remaining > 0) return;
    this.#exhausted.set(address, { decision, until: performance.now() + decision.resetMs });
  }
}

/** Whether a request tries to say who asks. */
export function carriesCredential({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return headers.authorization !== undefined || headers['x-api-key'] !== undefined;
}
