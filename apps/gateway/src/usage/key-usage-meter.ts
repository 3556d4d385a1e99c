import { randomUUID } from 'node:crypto';
import { type KeyUsage, RecordKeyUsage } from '@flotilla/contracts/api-key-usage';
import type { Id } from '@flotilla/contracts/ids';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { Logger } from '@flotilla/runtime/logger';
import { pause } from '@flotilla/runtime/waiting';
import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';

const FLUSH_EVERY_MS = 1_000;
const HOUR_MS = 3_600_000;
/** Entries in one message. */
const MAX_BATCH = 2_000;
/** How often a batch is sent when the gateway ends; then its counts are lost. */
const LAST_ATTEMPTS = 5;

interface Count {
  keyId: Id<'key'>;
  hourMs: number;
  requests: number;
  errors: number;
  rateLimited: number;
  lastUsedMs: number;
}

interface Batch {
  number: number;
  usage: KeyUsage[];
}

/**
 * Counts requests with keys in memory, and tells api-keys once a second. A batch is sent until it was taken, under the same
 * number, so that it counts once. A gateway that is killed loses the counts of its last second; one that is stopped loses none.
 */
@Injectable()
export class KeyUsageMeter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly gatewayId = randomUUID();
  private readonly counts = new Map<string, Count>();
  private sending?: Batch;
  private batches = 0;
  private readonly stopping = new AbortController();
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly rpc: RpcClient,
    private readonly logger: Logger,
  ) {}

  /** Notes a request that was answered with this status. */
  count(keyId: Id<'key'>, status: number): void {
    const now = Date.now();
    const hourMs = now - (now % HOUR_MS);
    const name = `${keyId} ${hourMs}`;
    let count = this.counts.get(name);
    if (!count) {
      count = { keyId, hourMs, requests: 0, errors: 0, rateLimited: 0, lastUsedMs: now };
      this.counts.set(name, count);
    }
    count.requests += 1;
    count.lastUsedMs = now;
    if (status === 429) count.rateLimited += 1;
    else if (status >= 400) count.errors += 1;
  }

  onApplicationBootstrap(): void {
    this.flushing = this.flushForEver();
  }

  /** By now no request is running any more. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.flushing;
    for (let failures = 0; failures < LAST_ATTEMPTS && this.hasMore();) {
      if (!(await this.flush())) failures += 1;
    }
  }

  private async flushForEver(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await pause(FLUSH_EVERY_MS, this.stopping.signal);
      while (this.hasMore() && (await this.flush()));
    }
  }

  private hasMore(): boolean {
    return this.sending !== undefined || this.counts.size > 0;
  }

  /** Sends one batch; false when it was not taken, so that it has to be sent again as it is. */
  private async flush(): Promise<boolean> {
    const { number: batch, usage } = (this.sending ??= this.nextBatch());
    try {
      await this.rpc.call(RecordKeyUsage, { gatewayId: this.gatewayId, batch, usage });
      this.sending = undefined;
      return true;
    } catch (error) {
      this.logger.warn({ err: error }, 'usage of keys could not be told, trying again');
      return false;
    }
  }

  private nextBatch(): Batch {
    const usage: KeyUsage[] = [];
    for (const [name, { hourMs, lastUsedMs, ...count }] of this.counts) {
      if (usage.length === MAX_BATCH) break;
      const hour = new Date(hourMs).toISOString();
      usage.push({ ...count, hour, lastUsedAt: new Date(lastUsedMs).toISOString() });
      this.counts.delete(name);
    }
    return { number: (this.batches += 1), usage };
  }
}
