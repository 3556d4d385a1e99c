import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  API_KEYS_EVENTS,
  type EventEnvelope,
  IDENTITY_EVENTS,
  INVENTORY_EVENTS,
  ORDERS_EVENTS,
  USERS_EVENTS,
} from '@flotilla/contracts/events';
import { type FeedPage, ReadFeed } from '@flotilla/contracts/notifications';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { eventually } from '@flotilla/testing/eventually';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { testService } from '@flotilla/testing/service';
import { type Producers, startProducers } from '../test/producers.js';
import { bootstrap } from './bootstrap.js';
import { FEED_LOCK } from './feed.js';
import { migrations } from './migrations.js';

const CHANNELS = [
  [ORDERS_EVENTS, 'order.placed'],
  [INVENTORY_EVENTS, 'stock.low'],
  [IDENTITY_EVENTS, 'user.registered'],
  [USERS_EVENTS, 'user.erased'],
  [API_KEYS_EVENTS, 'api_key.created'],
] as const;

let database: TestDatabase;
let nats: TestNats;
let producers: Producers;
let notifications: RunningService;

beforeAll(async () => {
  [database, nats] = await Promise.all([testDatabase(migrations), testNats()]);
  producers = await startProducers(nats.url);
  notifications = await testService(bootstrap, { database, nats });
});
afterAll(async () => {
  await notifications.close();
  await producers.close();
  await nats.stop();
  await database.drop();
});

const read = (after: number, limit = 500): Promise<FeedPage> =>
  producers.rpc.call(ReadFeed, { after, limit });
const fed = async (event: EventEnvelope): Promise<EventEnvelope[]> =>
  (await read(0)).data.filter(({ id }) => id === event.id);

describe('the feed', () => {
  it.each(CHANNELS.map(([channel, type]) => [channel.producer, channel, type] as const))(
    'holds the events of %s as they were published',
    async (_, channel, type) => {
      const event = await producers.publish(channel, type);
      await eventually(async () => expect(await fed(event)).toEqual([event]));
    },
  );

  it('holds an event once, however often it is heard', async () => {
    const event = await producers.publish(ORDERS_EVENTS, 'order.placed');
    await eventually(async () => expect(await fed(event)).toHaveLength(1));
    await producers.repeat(ORDERS_EVENTS, event);
    const later = await producers.publish(ORDERS_EVENTS, 'order.placed');
    await eventually(async () => expect(await fed(later)).toHaveLength(1));

    expect(await fed(event)).toHaveLength(1);
    const { rows } = await database.pool().query('SELECT 1 FROM dead_letters');
    expect(rows).toHaveLength(0);
  });

  it('misses nothing for a reader who follows it while all producers publish at once', async () => {
    const { position: start } = await read(0);
    const published: string[] = [];
    const publishing = Promise.all(
      CHANNELS.map(async ([channel, type]) => {
        for (let count = 0; count < 20; count += 1) {
          published.push((await producers.publish(channel, type)).id);
        }
      }),
    );

    const seen: string[] = [];
    let position = start;
    await eventually(
      async () => {
        const page = await read(position, 7);
        position = page.position;
        seen.push(...page.data.map(({ id }) => id));
        return seen.length >= 100;
      },
      { everyMs: 1 },
    );
    await publishing;
    expect(seen.toSorted()).toEqual(published.toSorted());
  });

  it('shows no event while one before it is still being added', async () => {
    const { position } = await read(0);
    const other = await database.pool().connect();
    await other.query('BEGIN');
    await other.query('SELECT pg_advisory_xact_lock($1)', [FEED_LOCK]);
    await other.query(
      'INSERT INTO feed (event_id, envelope) VALUES (gen_random_uuid(), \'{"id": "first"}\')',
    );
    const second = await producers.publish(ORDERS_EVENTS, 'order.placed');
    await eventually(async () => {
      const { rows } = await database
        .pool()
        .query(
          "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted",
          [FEED_LOCK],
        );
      return rows.length > 0;
    });
    expect((await read(position)).data).toEqual([]);
    await other.query('COMMIT');
    other.release();

    const ids = async () => (await read(position)).data.map(({ id }) => id as string);
    await eventually(async () => expect(await ids()).toEqual(['first', second.id]));
  });

  it('has an end, where the position stays', async () => {
    const { position } = await read(0);
    expect(await read(position)).toEqual({ data: [], position });
  });
});
