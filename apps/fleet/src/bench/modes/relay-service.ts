import { eventChannel } from '@flotilla/contracts/events';
import { EventStoreModule } from '@flotilla/event-store/event-store.module';
import { EVENTS_APPENDED } from '@flotilla/event-store/event-streams';
import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { natsService } from '@flotilla/messaging/nats-service';
import { type ServiceConfig, serviceConfig } from '@flotilla/runtime/config';
import { Database } from '@flotilla/runtime/database';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { pause } from '@flotilla/runtime/waiting';
import {
  type DynamicModule,
  Injectable,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';

/** So many in a statement, to stay well below the statement timeout. */
const STEP = 5_000;
const POLL_MS = 20;

/** Asked by the bench for a backlog: appends it in one transaction, and answers how long the relay took. */
@Injectable()
class Backlog implements OnApplicationBootstrap {
  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    process.on('message', ({ events }: { events: number }) => {
      void this.publish(events).then((seconds) => process.send?.({ seconds }));
    });
  }

  private async publish(count: number): Promise<number> {
    const appendedAt = await this.database.transaction(async (tx) => {
      for (let done = 0; done < count; done += STEP) {
        await tx.rows(
          `INSERT INTO events (stream_id, version, id, subject, type, payload, metadata, occurred_at)
           SELECT gen_random_uuid(), 1, gen_random_uuid(), 'bench', 'bench.happened',
             jsonb_build_object('n', n, 'text', repeat('x', 300)), '{"actor": {"system": "bench"}}', now()
           FROM generate_series(1, $1::integer) AS n`,
          [Math.min(STEP, count - done)],
        );
      }
      tx.announce(EVENTS_APPENDED);
      const [row] = await tx.rows<{ now: string }>('SELECT clock_timestamp()::text AS now');
      return row!.now;
    });
    const waiting = 'SELECT 1 FROM events WHERE published_at IS NULL LIMIT 1';
    while ((await this.database.rows(waiting)).length > 0) {
      await pause(POLL_MS, AbortSignal.timeout(POLL_MS));
    }
    const [row] = await this.database.rows<{ seconds: number }>(
      `SELECT extract(epoch FROM max(published_at) - $1::timestamptz)::float8 AS seconds FROM events`,
      [appendedAt],
    );
    return row!.seconds;
  }
}

/** A service that does nothing but publish. */
@Module({})
class RelayModule {
  static forRoot(config: ServiceConfig): DynamicModule {
    return {
      module: RelayModule,
      imports: [
        DatabaseModule.forRoot({ config, migrations: [CreateEventStore1767225600000] }),
        MessagingModule.forRoot({ ...config, service: 'bench' }),
        EventStoreModule.forRoot({ channel: eventChannel('bench') }),
      ],
      providers: [Backlog],
    };
  }
}

const start = natsService({ name: 'bench', module: RelayModule, config: serviceConfig });
await start({ ...process.env, PORT: '0', LOG_LEVEL: 'error' });
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
