import { randomUUID } from 'node:crypto';
import { NatsLink } from '@flotilla/messaging/nats-link';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { HealthRegistry } from '@flotilla/runtime/health-registry';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { FeedFollower } from './feed-follower.js';
import { RevocationMemory } from './revocation-memory.js';

const ROUNDS = 5;

/** Token of the services whose feeds are followed. */
export const FOLLOWED_SERVICES = Symbol('FollowedServices');

/**
 * What a gateway knows of revocations. A credential may be accepted while the feeds it depends on are current and the memory
 * has nothing against it, both asked in one turn of the event loop.
 */
@Injectable()
export class Revocations implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly memory = new RevocationMemory();
  private readonly followers: ReadonlyMap<string, FeedFollower>;
  private readonly stopping = new AbortController();

  constructor(
    @Inject(FOLLOWED_SERVICES) services: readonly string[],
    link: NatsLink,
    rpc: RpcClient,
    logger: Logger,
    metrics: Metrics,
    health: HealthRegistry,
  ) {
    const gatewayId = randomUUID();
    const follow = (service: string): FeedFollower =>
      new FeedFollower(service, gatewayId, this.memory, link, rpc, logger);
    this.followers = new Map(services.map((service) => [service, follow(service)]));
    // Without its feed nobody is let in.
    for (const service of services) health.register(service, () => this.renew([service]));
    metrics.gauge('revocation_leases', 'Feeds that are current', [], () => {
      return [...this.followers.values()].filter(({ isCurrent }) => isCurrent).length;
    });
  }

  onApplicationBootstrap(): void {
    for (const follower of this.followers.values()) void follower.follow(this.stopping.signal);
  }

  /** Not before the last request was answered. */
  onApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** Whether all that these services revoked 300 ms ago or earlier is in the memory. */
  areCurrent(services: readonly string[]): boolean {
    for (const service of services) if (!this.followers.get(service)!.isCurrent) return false;
    return true;
  }

  /**
   * Resolves when all of these feeds are current. One of them may lapse while another is waited for, so that it takes some
   * rounds when the machine is busy.
   * @throws AppError `unavailable` when they cannot be in time
   */
  async renew(services: readonly string[]): Promise<void> {
    for (let round = 1; round <= ROUNDS && !this.areCurrent(services); round += 1) {
      await Promise.all(services.map((service) => this.followers.get(service)!.renew()));
    }
  }
}
