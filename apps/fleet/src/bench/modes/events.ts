import { eventChannel } from '@flotilla/contracts/events';
import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { runMigrations } from '@flotilla/runtime/migrations';
import { Child } from '../child.js';
import type { Figures, Measurement, Mode, PreparedMode, Zeros } from '../mode.js';
import { queryRows } from '../query-rows.js';
import { ScratchDatabase } from '../scratch-database.js';
import { costFigures, type Target } from '../target.js';
import { orderMode, UNIFORM } from './orders.js';

/** Events that are handed to the relay at once. */
const BACKLOG = 20_000;
/** The pace at which the lag is measured, as far as the fleet keeps up. */
const ORDERS_PER_SECOND = 1_000;

/** The producer of the backlog is a service of the bench's own, whose events nobody consumes. */
const CHANNEL = eventChannel('bench');

const paced = orderMode({
  ...UNIFORM,
  name: 'events',
  summary: 'the relay: events a second from a backlog; lag at 1,000 orders a second',
  perSecond: ORDERS_PER_SECOND,
});

/** From the database to the broker: how fast a backlog goes, and how late events are while orders are placed. */
export const events: Mode = {
  ...paced,
  concurrency: 48,
  prepare: async (target) => {
    const database = await ScratchDatabase.make(target.fleet.databaseUrl, target.run, 'events');
    try {
      await runMigrations({
        service: CHANNEL.producer,
        databaseUrl: database.url,
        migrations: [CreateEventStore1767225600000],
      });
      return new PreparedRelay(target, database, await paced.prepare(target));
    } catch (error) {
      await database.drop();
      throw error;
    }
  },
};

class PreparedRelay implements PreparedMode {
  constructor(
    private readonly target: Target,
    private readonly database: ScratchDatabase,
    private readonly shop: PreparedMode,
  ) {}

  async measure(measurement: Measurement): Promise<Figures> {
    const backlog = await this.publishBacklog();
    const { databaseUrl } = this.target.fleet;
    const since = await queryRows<{ now: string }>(
      databaseUrl,
      'orders',
      'SELECT clock_timestamp()::text AS now',
    );
    const { perSecond: ordersPerSecond } = await this.shop.measure(measurement);
    // From the decision to the broker's acknowledgement, so the commit in between is part of it.
    const [lag] = await queryRows<{ lag: [number, number, number] }>(
      databaseUrl,
      'orders',
      `SELECT percentile_cont(ARRAY[0.5, 0.95, 0.99])
         WITHIN GROUP (ORDER BY extract(epoch FROM published_at - occurred_at) * 1000) AS lag
       FROM events WHERE occurred_at >= $1`,
      [since[0]!.now],
    );
    const [p50Ms, p95Ms, p99Ms] = lag!.lag;
    return { ...backlog, p50Ms, p95Ms, p99Ms, ordersPerSecond };
  }

  audit(): Promise<Zeros> {
    return this.shop.audit!();
  }

  async close(): Promise<void> {
    await this.shop.close();
    await this.database.drop();
    await this.target.dropStream(CHANNEL.stream);
  }

  private async publishBacklog(): Promise<Pick<Figures, 'perSecond' | 'cpuMsPerOp' | 'byProcess'>> {
    const { signal } = this.target;
    const relay = Child.start(new URL('./relay-service.js', import.meta.url), {
      DATABASE_URL: this.database.url,
      NATS_URL: this.target.fleet.natsUrl,
    });
    try {
      await relay.message(signal);
      const { costs, seconds } = await this.target.costing(
        [{ name: 'relay', pid: relay.pid }],
        ['postgres', 'nats'],
        () => relay.ask<{ seconds: number }>({ events: BACKLOG }, signal),
      );
      return { perSecond: BACKLOG / seconds, ...(costs && costFigures(costs, BACKLOG)) };
    } finally {
      await relay.end();
    }
  }
}
