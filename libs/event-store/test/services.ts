import { eventChannel, type EventEnvelope } from '@flotilla/contracts/events';
import { newUuid } from '@flotilla/contracts/ids';
import { DeadLetters } from '@flotilla/event-store/dead-letters';
import { EventCatchUp } from '@flotilla/event-store/event-catch-up';
import { EventStoreModule } from '@flotilla/event-store/event-store.module';
import type { EventStoreOptions } from '@flotilla/event-store/event-store-options';
import { EventStreams } from '@flotilla/event-store/event-streams';
import { InboxMiddleware } from '@flotilla/event-store/inbox';
import { Letters } from '@flotilla/event-store/letters';
import { AllowRedaction1769200100000 } from '@flotilla/event-store/migrations/allow-redaction';
import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { CreateLogPlaces1767398400020 } from '@flotilla/event-store/migrations/create-log-places';
import { IndexEventPositions1767398400030 } from '@flotilla/event-store/migrations/index-event-positions';
import { EventDispatcher } from '@flotilla/messaging/event-dispatcher';
import { type EventDelivery, OnEvent } from '@flotilla/messaging/events';
import { JetStream } from '@flotilla/messaging/jetstream';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { startService } from '@flotilla/runtime/bootstrap';
import { Database } from '@flotilla/runtime/database';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { Controller, type Type } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The channel of the service `shop`, which only writes events. */
export const SHOP = eventChannel('shop');

/** What the consumer `billing` did with each event, in the order in which it did it. */
class CreateEffects1767225600001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE effects (
      place int GENERATED ALWAYS AS IDENTITY, stream_id uuid NOT NULL, version int NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE effects');
  }
}

export const MIGRATIONS = [
  CreateEventStore1767225600000,
  CreateEffects1767225600001,
  CreateLogPlaces1767398400020,
  IndexEventPositions1767398400030,
  AllowRedaction1769200100000,
];

/** Called with every event before its effect is written; throws to make the handler fail. */
export type Interference = (event: EventEnvelope) => void | Promise<void>;

/** A running service, and what a test needs of its inside. */
export interface TestService {
  database: Database;
  jetStream: JetStream;
  rpc: RpcClient;
  deadLetters: DeadLetters;
  letters: Letters;
  dispatcher: EventDispatcher;
  catchUp: EventCatchUp;
  close(): Promise<void>;
}

/** `shop`: writes events, publishes them, and answers for its streams. */
export function startShop(database: TestDatabase, natsUrl: string): Promise<TestService> {
  return start('shop', { channel: SHOP }, database, natsUrl, []);
}

/** `billing`: writes one effect for each event of the shop, unless told otherwise in one transaction with others. */
export function startBilling(
  database: TestDatabase,
  natsUrl: string,
  interfere: Interference = () => undefined,
  together = true,
): Promise<TestService> {
  @Controller()
  class BillingEvents {
    @OnEvent(SHOP, 'order.*', 'billing', { together: () => together })
    async bill(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
      await interfere(event);
      await delivery.transaction!.rows('INSERT INTO effects (stream_id, version) VALUES ($1, $2)', [
        event.streamId,
        event.version,
      ]);
    }
  }
  return start('billing', { service: 'billing' }, database, natsUrl, [BillingEvents]);
}

async function start(
  name: string,
  store: EventStoreOptions,
  database: TestDatabase,
  natsUrl: string,
  controllers: Type[],
): Promise<TestService> {
  class TestModule {}
  const config = {
    host: '127.0.0.1',
    port: 0,
    natsUrl,
    natsReplicas: 1,
    logLevel: (process.env['TEST_LOG_LEVEL'] ?? 'silent') as 'silent',
    drainMs: 10_000,
    databaseUrl: database.url,
    poolMax: 10,
    slowStatementMs: 200,
    startTimeoutMs: 5_000,
  };
  let app: NestFastifyApplication;
  const service = await startService({
    name,
    config,
    module: {
      module: TestModule,
      imports: [
        DatabaseModule.forRoot({ config, migrations: MIGRATIONS }),
        MessagingModule.forRoot({ service: name, natsUrl, eventMiddleware: [InboxMiddleware] }),
        EventStoreModule.forRoot(store),
      ],
      controllers,
    },
    strategy: (created) => (app = created).get(NatsStrategy),
  });
  return {
    database: app!.get(Database),
    jetStream: app!.get(JetStream),
    rpc: app!.get(RpcClient),
    deadLetters: app!.get(DeadLetters),
    letters: app!.get(Letters),
    dispatcher: app!.get(EventDispatcher),
    catchUp: app!.get(EventCatchUp),
    close: () => service.close(),
  };
}

/** A database for one of these services. */
export function serviceDatabase(): Promise<TestDatabase> {
  return testDatabase(MIGRATIONS);
}

/** Writes versions 1…`versions` of `streams` new streams, one transaction a version; returns the streams' uuids. */
export async function placeOrders(
  shop: TestService,
  { streams, versions }: { streams: number; versions: number },
): Promise<string[]> {
  const ids = Array.from({ length: streams }, () => newUuid());
  for (let version = 1; version <= versions; version += 1) await addVersion(shop, ids, version);
  return ids;
}

/** Writes one more version of each of these streams. */
export async function addVersion(
  { database }: TestService,
  streams: readonly string[],
  version: number,
): Promise<void> {
  await database.transaction((tx) =>
    new EventStreams(tx).appendMany(
      streams.map((id) => ({
        stream: { id, subject: 'ord_test' },
        expectedVersion: version - 1,
        events: [{ type: version === 1 ? 'order.placed' : 'order.changed', data: { version } }],
      })),
    ),
  );
}

/** Makes it eight days since everything was published: longer than a broker keeps events. */
export async function expire(database: TestDatabase): Promise<void> {
  await database.pool().query(`UPDATE events SET published_at = now() - interval '8 days'`);
}

/** The versions that took effect, by stream, in the order in which they did. */
export async function effects(database: TestDatabase): Promise<Map<string, number[]>> {
  const { rows } = await database
    .pool()
    .query<{ stream_id: string; versions: number[] }>(
      'SELECT stream_id, array_agg(version ORDER BY place) AS versions FROM effects GROUP BY stream_id',
    );
  return new Map(rows.map((row) => [row.stream_id, row.versions]));
}

/** What `effects` is when every event of these streams took effect once and in order. */
export function allInOrder(streams: readonly string[], versions: number): Map<string, number[]> {
  const each = Array.from({ length: versions }, (_, index) => index + 1);
  return new Map(streams.map((stream) => [stream, each]));
}
