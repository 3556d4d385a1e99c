import { AppError } from '@flotilla/contracts/errors';
import {
  appliedSubject,
  LEASE_MS,
  type NumberedRevocation,
  readRevocationsOperation,
  renewLeaseOperation,
  revocationsSubject,
} from '@flotilla/contracts/revocation';
import type { NatsLink } from '@flotilla/messaging/nats-link';
import type { RpcClient } from '@flotilla/messaging/rpc-client';
import type { Logger } from '@flotilla/runtime/logger';
import { pause } from '@flotilla/runtime/waiting';
import { Lease, moment } from './lease.js';
import type { RevocationMemory } from './revocation-memory.js';

const ASK_EVERY_MS = 100;
/**
 * How many questions may fail until a request that waits for a lease gives up: half a second when nobody is there, and long
 * enough for a service that is being replaced. Not a time, which would also pass while this process is too busy to listen.
 */
const PATIENCE = 5;

interface Waiting {
  patience: number;
  settle: (renewed: boolean) => void;
}

/** Follows the feed of one service, and holds its lease as long as that service can be asked. */
export class FeedFollower {
  private readonly lease = new Lease();
  /** Every entry up to here is in the memory; undefined until the first were read. */
  private applied?: number;
  private reading?: Promise<void>;
  private askNow: () => void = () => undefined;
  private waiting: Waiting[] = [];

  constructor(
    readonly service: string,
    private readonly gatewayId: string,
    private readonly memory: RevocationMemory,
    private readonly link: NatsLink,
    private readonly rpc: RpcClient,
    private readonly logger: Logger,
  ) {}

  /** Whether everything that was revoked 300 ms ago or earlier is in the memory. */
  get isCurrent(): boolean {
    return this.lease.isHeld();
  }

  /** Resolves as soon as the follower is current. @throws AppError `unavailable` when it cannot be in time */
  async renew(): Promise<void> {
    if (this.isCurrent) return;
    if (!this.link.connected) throw unavailable();
    this.askNow();
    const renewed = await new Promise<boolean>((settle) => {
      this.waiting.push({ patience: PATIENCE, settle });
    });
    if (!renewed) throw unavailable();
  }

  /** Listens and asks until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    void this.listen(signal);
    while (!signal.aborted) {
      const asked = new AbortController();
      this.askNow = () => asked.abort();
      if (this.link.connected) void this.ask();
      else this.tellWaiting(false);
      await pause(ASK_EVERY_MS, AbortSignal.any([signal, asked.signal]));
    }
  }

  private async listen(signal: AbortSignal): Promise<void> {
    const connection = await this.link.connection(signal).catch(() => undefined);
    connection?.subscribe(revocationsSubject(this.service), {
      callback: (error, message) => {
        if (error) return;
        const entries = message.json<NumberedRevocation[]>();
        this.take(entries);
        this.acknowledge();
        // Something was missed, so that its gap is to be filled before the lease goes on.
        if (this.applied !== entries.at(-1)?.sequence) this.askNow();
      },
    });
  }

  private async ask(): Promise<void> {
    const sent = moment();
    const before = this.applied;
    try {
      const renewal = renewLeaseOperation(this.service);
      const { gatewayId } = this;
      const { newest } = await this.rpc.call(renewal, { gatewayId }, { timeoutMs: LEASE_MS });
      if (before !== undefined && newest < before) this.startOver();
      await this.catchUp(newest);
      this.lease.extend(sent);
      // An answer may come when it is worth nothing any more.
      this.tellWaiting(this.isCurrent);
    } catch (error) {
      this.logger.debug({ err: error, service: this.service }, 'no lease');
      this.tellWaiting(false);
    }
  }

  private tellWaiting(renewed: boolean): void {
    this.waiting = this.waiting.filter((one) => {
      one.patience -= 1;
      if (!renewed && one.patience > 0) return true;
      one.settle(renewed);
      return false;
    });
  }

  /** The database was put back to an earlier state: what is known may be of what never happened. */
  private startOver(): void {
    this.logger.warn({ service: this.service }, 'the revocation feed went back, starting over');
    this.lease.end();
    this.applied = undefined;
    this.memory.forgetEverything();
  }

  private async catchUp(newest: number): Promise<void> {
    if (this.applied !== undefined && this.applied >= newest) return;
    while (this.applied === undefined || this.applied < newest) {
      await (this.reading ??= this.readPage().finally(() => (this.reading = undefined)));
    }
    this.acknowledge();
  }

  private async readPage(): Promise<void> {
    const { applied } = this;
    const page = await this.rpc.call(readRevocationsOperation(this.service), { after: applied });
    if (applied !== undefined && page.entries.length === 0) {
      throw new Error(`the feed of ${this.service} ends before what it called its newest entry`);
    }
    this.applied ??= page.after;
    this.take(page.entries);
  }

  /** Entries that come early are applied all the same; they only count when those before them were. */
  private take(entries: readonly NumberedRevocation[]): void {
    for (const { sequence, entry } of entries) {
      if (this.applied !== undefined && sequence <= this.applied) continue;
      this.memory.apply(entry);
      if (sequence - 1 === this.applied) this.applied = sequence;
    }
  }

  private acknowledge(): void {
    if (this.applied === undefined) return;
    const { gatewayId, applied: sequence } = this;
    this.link.live?.publish(appliedSubject(this.service), JSON.stringify({ gatewayId, sequence }));
  }
}

function unavailable(): AppError<'unavailable'> {
  return new AppError('unavailable', 'Whether this credential still holds cannot be told now.', {
    details: { retryAfterSeconds: 1 },
  });
}
