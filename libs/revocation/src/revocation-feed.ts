import {
  type AppliedRevocations,
  appliedSubject,
  LEASE_MS,
  type RevocationEntry,
  type RevocationReceipt,
  revocationsSubject,
} from '@flotilla/contracts/revocation';
import { NatsLink } from '@flotilla/messaging/nats-link';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import type { Subscription } from '@nats-io/transport-node';
import { Acknowledgements } from './acknowledgements.js';
import { GatewayRegistry } from './gateway-registry.js';
import { RevocationLog } from './revocation-log.js';

/** Token of the name of the service whose feed it is. */
export const FEED_SERVICE = Symbol('FeedService');

const APPENDED = 'revocations-appended';
/** Clocks of two machines that measure the same 300 ms may differ: three in a hundred is a broken one. */
const LEASE_OVER_MS = LEASE_MS + 10;

/**
 * A service's revocation feed: what is appended in a transaction is refused by every gateway when `receipt` answers, however
 * many replicas and gateways there are and whatever becomes of the broker.
 */
@Injectable()
export class RevocationFeed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly acknowledged = new Acknowledgements();
  private readonly seconds;
  /** Told to the gateways up to here, by this process; undefined before the first time. */
  private told?: number;
  private telling: Promise<void> = Promise.resolve();
  private stopListening?: () => void;
  private subscription?: Subscription;

  constructor(
    @Inject(FEED_SERVICE) private readonly service: string,
    private readonly database: Database,
    private readonly log: RevocationLog,
    private readonly gateways: GatewayRegistry,
    private readonly link: NatsLink,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.seconds = metrics.histogram(
      'revocation_receipt_seconds',
      'From a commit until no gateway accepts what it revoked',
    );
  }

  onApplicationBootstrap(): void {
    this.stopListening = this.database.onCommit(APPENDED, () => {
      this.telling = this.telling.then(() => this.tell());
    });
    void this.listen();
  }

  beforeApplicationShutdown(): void {
    this.stopListening?.();
    this.subscription?.unsubscribe();
  }

  /**
   * Writes entries in the transaction that revokes, and tells the gateways after its commit. As its last statement: from here
   * to the commit nobody else can append.
   */
  async append(tx: Transaction, entries: readonly RevocationEntry[]): Promise<void> {
    await this.log.append(tx, entries);
    tx.announce(APPENDED);
  }

  /**
   * After the commit: resolves when every live gateway has applied all that is committed, or has lost its lease; within 310 ms.
   * @throws AppError `unavailable` when the database is away: nobody knows, and the caller has to ask again
   */
  async receipt(): Promise<RevocationReceipt> {
    const started = performance.now();
    const [newest, gateways] = await Promise.all([this.log.newest(), this.gateways.live()]);
    await this.acknowledged.reached(gateways, newest, started + LEASE_OVER_MS);
    const ms = performance.now() - started;
    this.seconds.observe({}, ms / 1_000);
    return {
      effectiveOn: `${gateways.length}/${gateways.length}`,
      milliseconds: Math.round(ms * 10) / 10,
    };
  }

  /** A hint, however it fails: gateways ask ten times a second whether there is more. */
  private async tell(): Promise<void> {
    try {
      const after = this.told ?? Math.max(0, (await this.log.newest()) - 100);
      const { entries } = await this.log.read(after);
      if (entries.length === 0) return;
      this.link.live?.publish(revocationsSubject(this.service), JSON.stringify(entries));
      this.told = entries.at(-1)!.sequence;
    } catch (error) {
      this.logger.warn({ err: error }, 'revocations could not be told to the gateways at once');
    }
  }

  private async listen(): Promise<void> {
    const connection = await this.link.connection().catch(() => undefined);
    this.subscription = connection?.subscribe(appliedSubject(this.service), {
      callback: (error, message) => {
        if (!error) this.acknowledged.note(message.json<AppliedRevocations>());
      },
    });
  }
}
