import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  API_KEYS_EVENTS,
  type EventEnvelope,
  IDENTITY_EVENTS,
  INVENTORY_EVENTS,
  ORDERS_EVENTS,
  USERS_EVENTS,
} from '@flotilla/contracts/events';
import { type Id, newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import { type FeedPage, ReadFeed } from '@flotilla/contracts/notifications';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { eventually } from '@flotilla/testing/eventually';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { type Producers, startProducers } from '../test/producers.js';
import { startNotifications } from '../test/start-notifications.js';
import { FEED_LOCK } from './feed.js';
import { migrations } from './migrations.js';

const CHANNELS = [
  [ORDERS_EVENTS, 'order.placed'],
  [INVENTORY_EVENTS, 'stock.low'],
  [IDENTITY_EVENTS, 'user.signed_in'], // nobody but the feed does anything about it
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
  notifications = await startNotifications({ database, nats });
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

describe('erasing a user', () => {
  const address = { name: 'Ada', line1: '12 St James’s Square' };
  const order = (userId: Id<'usr'>) => {
    const streamId = newUuid();
    return producers.publish(
      ORDERS_EVENTS,
      'order.placed',
      { number: 'F-1', shippingAddress: address, metadata: { gift: 'for Ada' } },
      { streamId, subject: toId('ord', streamId), actor: { userId, mode: 'live' } },
    );
  };
  const dataOf = async (event: EventEnvelope) => (await fed(event))[0]?.data;

  it('takes out of the feed what says who it was, and nothing else', async () => {
    const userId = toId('usr', newUuid());
    const stream = { subject: userId, streamId: toUuid('usr', userId) };
    const registered = await producers.publish(
      IDENTITY_EVENTS,
      'user.registered',
      { email: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace', role: 'staff' },
      stream,
    );
    const [placed, others] = [await order(userId), await order(toId('usr', newUuid()))];
    const { streamId, subject } = placed;
    const cancelled = await producers.publish(
      ORDERS_EVENTS,
      'order.cancelled',
      { reason: 'Ada moved' },
      { streamId, subject, version: 2 },
    );
    for (const event of [registered, placed, others, cancelled]) {
      await eventually(async () => expect(await fed(event)).toHaveLength(1));
    }
    await producers.publish(IDENTITY_EVENTS, 'user.erased', {}, { ...stream, version: 2 });

    await eventually(async () =>
      expect(await dataOf(registered)).toEqual({
        email: null,
        firstName: null,
        lastName: null,
        role: 'staff',
      }),
    );
    expect(await dataOf(placed)).toEqual({ number: 'F-1', shippingAddress: null, metadata: {} });
    expect(await dataOf(cancelled)).toEqual({ reason: null });
    expect(await fed(others)).toEqual([others]);

    const late = await order(userId);
    await eventually(async () => expect(await fed(late)).toHaveLength(1));
    expect(await dataOf(late)).toEqual({ number: 'F-1', shippingAddress: null, metadata: {} });
    const lateEnd = await producers.publish(
      ORDERS_EVENTS,
      'order.cancelled',
      { reason: 'Ada moved' },
      { streamId: late.streamId, subject: late.subject, version: 2 },
    );
    await eventually(async () => expect(await fed(lateEnd)).toHaveLength(1));
    expect(await dataOf(lateEnd)).toEqual({ reason: null });
  });
});
