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
  it.each(CHANNELS)(
    'holds the events of $producer as they were published',
    async (channel, type) => {
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

  it('has an end, where the position stays', async () => {
    const { position } = await read(0);
    expect(await read(position)).toEqual({ data: [], position });
  });
});
