import { setTimeout as sleep } from 'node:timers/promises';
import { JetStream } from '@flotilla/messaging/jetstream';
import { NatsLink } from '@flotilla/messaging/nats-link';
import { HealthRegistry } from '@flotilla/runtime/health-registry';
import { createLogger } from '@flotilla/runtime/logger';
import type { JetStreamManager } from '@nats-io/jetstream';
import pg from 'pg';
import { adminDatabaseUrl } from '../database-names.js';
import { PRODUCERS } from '../verify/consumers.js';

const CONNECT_MS = 10_000;
const POLL_MS = 25;
const PATIENCE_MS = 120_000;

/** Sees whether everything that was set off is done: every event published, and applied by everybody. */
export class Settlement {
  private constructor(
    private readonly link: NatsLink,
    private readonly manager: JetStreamManager,
    private readonly databases: readonly pg.Client[],
  ) {}

  /** @throws Error when NATS or a database cannot be reached */
  static async open(natsUrl: string, databaseUrl: string): Promise<Settlement> {
    const options = { service: 'fleet', natsUrl };
    const link = new NatsLink(options, createLogger('fleet', 'silent'), new HealthRegistry());
    link.onModuleInit();
    try {
      await link.connection(AbortSignal.timeout(CONNECT_MS));
      const manager = await new JetStream(link, options).manager();
      const databases = await Promise.all(
        PRODUCERS.map(async (service) => {
          const connectionString = adminDatabaseUrl(databaseUrl, service);
          const client = new pg.Client({ connectionString, application_name: 'fleet bench' });
          client.on('error', () => undefined);
          await client.connect();
          return client;
        }),
      );
      return new Settlement(link, manager, databases);
    } catch (error) {
      await link.onApplicationShutdown();
      throw error;
    }
  }

  /** Waits for it; answers for how long, in milliseconds. @throws Error when it takes more than two minutes */
  async wait(signal: AbortSignal): Promise<number> {
    const started = performance.now();
    // Twice: what consumers do may publish again.
    for (let looks = 0; looks < 2;) {
      looks = (await this.isSettled()) ? looks + 1 : 0;
      if (looks === 2) break;
      if (performance.now() - started > PATIENCE_MS) {
        throw new Error('Events are still on their way two minutes after the last answer');
      }
      await sleep(POLL_MS, undefined, { signal });
    }
    return performance.now() - started - POLL_MS;
  }

  async dropStream(name: string): Promise<void> {
    await this.manager.streams.delete(name);
  }

  async close(): Promise<void> {
    await this.link.onApplicationShutdown();
    await Promise.all(this.databases.map((client) => client.end()));
  }

  /** First the databases, then the consumers: what was published is in their streams. */
  private async isSettled(): Promise<boolean> {
    for (const client of this.databases) {
      const { rowCount } = await client.query(
        'SELECT FROM events WHERE published_at IS NULL LIMIT 1',
      );
      if (rowCount) return false;
    }
    for await (const { config } of this.manager.streams.list()) {
      for await (const consumer of this.manager.consumers.list(config.name)) {
        if (consumer.num_pending + consumer.num_ack_pending > 0) return false;
      }
    }
    return true;
  }
}
