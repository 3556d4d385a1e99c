import {
  type NumberedRevocation,
  readRevocationsOperation,
  renewLeaseOperation,
  type RevocationEntry,
  revocationsSubject,
} from '@flotilla/contracts/revocation';
import type { Services } from './services.js';

/** The revocation feed of a service behind the gateway. */
export class FeedStandIn {
  private readonly entries: NumberedRevocation[] = [];
  private stopAnswering?: () => Promise<void>;

  private constructor(
    private readonly services: Services,
    private readonly service: string,
  ) {}

  static async start(services: Services, service: string): Promise<FeedStandIn> {
    const feed = new FeedStandIn(services, service);
    await feed.renewLeases();
    await services.answer(readRevocationsOperation(service), ({ after = 0 }) => ({
      after,
      entries: feed.entries.slice(after),
    }));
    return feed;
  }

  /** Goes on giving leases. */
  async renewLeases(): Promise<void> {
    this.stopAnswering = await this.services.answer(renewLeaseOperation(this.service), () => ({
      newest: this.entries.length,
    }));
  }

  /** Gives no more leases, as when the service is away. */
  async stopLeases(): Promise<void> {
    await this.stopAnswering?.();
  }

  /** As a commit that the gateways are not told of: they learn of it by their next lease. */
  commit(entry: RevocationEntry): void {
    this.entries.push({ sequence: this.entries.length + 1, entry });
  }

  /** As a commit that the gateways are told of. */
  async revoke(entry: RevocationEntry): Promise<void> {
    this.commit(entry);
    await this.services.publish(revocationsSubject(this.service), [this.entries.at(-1)]);
  }
}
