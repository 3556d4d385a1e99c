import { setImmediate as nextTurn } from 'node:timers/promises';
import { ReturnQuota, TakeQuota } from '@flotilla/contracts/api-key-usage';
import { AppError } from '@flotilla/contracts/errors';
import type { Id } from '@flotilla/contracts/ids';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { Logger } from '@flotilla/runtime/logger';
import { pause } from '@flotilla/runtime/waiting';
import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';

const SWEEP_EVERY_MS = 1_000;
/** Somebody may give units back, so that "used up" is asked again after a while. */
const USED_UP_MS = 1_000;
/** How long units that were just given may be spent, whatever is left of their period. */
const LEAST_MS = 1_000;

interface Block {
  left: number;
  periodStart: string;
  endsAtMs: number;
  usedUpUntilMs: number;
  spentAtMs: number;
  waiting: number;
  taking?: Promise<void>;
}

/**
 * Units of the quotas of keys, taken from api-keys ahead of the requests that spend them: never more than there are, wherever
 * they are spent. What lies idle for a second goes back.
 */
@Injectable()
export class QuotaBlocks implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly blocks = new Map<Id<'key'>, Block>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly rpc: RpcClient,
    private readonly logger: Logger,
  ) {}

  /** Spends one unit. @throws AppError `quota-exhausted` until the end of the period; `unavailable` when api-keys is away */
  async spend(keyId: Id<'key'>): Promise<void> {
    const block = this.blockOf(keyId);
    for (;;) {
      const now = Date.now();
      if (now >= block.endsAtMs) block.left = 0;
      if (block.left > 0) {
        block.left -= 1;
        block.spentAtMs = now;
        return;
      }
      if (now < Math.min(block.usedUpUntilMs, block.endsAtMs)) throw usedUp(block.endsAtMs - now);
      block.waiting += 1;
      try {
        await (block.taking ??= this.take(keyId, block).finally(() => (block.taking = undefined)));
      } finally {
        block.waiting -= 1;
      }
    }
  }

  /** Takes back units that were spent on a request which got nothing for them. */
  refund(keyId: Id<'key'>, units: number): void {
    const block = this.blocks.get(keyId);
    if (block && Date.now() < block.endsAtMs) block.left += units;
  }

  onApplicationBootstrap(): void {
    void this.sweep();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all([...this.blocks].map(([keyId, block]) => this.giveBack(keyId, block)));
  }

  private blockOf(keyId: Id<'key'>): Block {
    let block = this.blocks.get(keyId);
    if (!block) {
      block = {
        left: 0,
        periodStart: '',
        endsAtMs: Infinity,
        usedUpUntilMs: 0,
        spentAtMs: Date.now(),
        waiting: 0,
      };
      this.blocks.set(keyId, block);
    }
    return block;
  }

  private async take(keyId: Id<'key'>, block: Block): Promise<void> {
    // All that wait by now are asked for at once.
    await nextTurn();
    const request = { keyId, units: Math.max(1, block.waiting) };
    const { units, periodStart, periodEnd } = await this.rpc.call(TakeQuota, request);
    block.left = units + (periodStart === block.periodStart ? block.left : 0);
    block.periodStart = periodStart;
    // For a moment at least, or a clock that is ahead of api-keys' would have units that are over before they are spent.
    block.endsAtMs = Math.max(Date.parse(periodEnd), Date.now() + LEAST_MS);
    block.usedUpUntilMs = units === 0 ? Date.now() + USED_UP_MS : 0;
  }

  private async sweep(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await pause(SWEEP_EVERY_MS, this.stopping.signal);
      for (const [keyId, block] of this.blocks) {
        if (block.waiting > 0 || Date.now() - block.spentAtMs < SWEEP_EVERY_MS) continue;
        this.blocks.delete(keyId);
        await this.giveBack(keyId, block);
      }
    }
  }

  /** Once: if the answer is lost nobody knows whether it was done, and doing it twice would give away what is not there. */
  private async giveBack(keyId: Id<'key'>, block: Block): Promise<void> {
    const { left: units, periodStart } = block;
    block.left = 0;
    if (units === 0 || Date.now() >= block.endsAtMs) return;
    try {
      await this.rpc.call(ReturnQuota, { keyId, periodStart, units });
    } catch (error) {
      this.logger.warn({ err: error, keyId, units }, 'units of a quota could not be given back');
    }
  }
}

function usedUp(forMs: number): AppError<'quota-exhausted'> {
  return new AppError('quota-exhausted', 'The quota of this key is used up for now.', {
    details: { retryAfterSeconds: Math.ceil(forMs / 1_000) },
  });
}
