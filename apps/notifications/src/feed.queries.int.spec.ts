import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MODES, type Mode } from '@flotilla/contracts/actor';
import {
  FEED_EVENT_TYPES,
  ListEvents,
  type ListEventsRequest,
} from '@flotilla/contracts/event-feed';
import type { EventActor, EventChannel, EventEnvelope } from '@flotilla/contracts/events';
import { API_KEYS_EVENTS, IDENTITY_EVENTS, ORDERS_EVENTS } from '@flotilla/contracts/events';
import { newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { runMigrations } from '@flotilla/runtime/migrations';
import { eventually } from '@flotilla/testing/eventually';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { type Producers, startProducers } from '../test/producers.js';
import { startNotifications } from '../test/start-notifications.js';
import { migrations } from './migrations.js';

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
  await notifications?.close();
  await producers?.close();
  await nats?.stop();
  await database?.drop();
});

const SYSTEM: EventActor = { system: 'orders' };
const someone = (mode: Mode): EventActor => ({ userId: toId('usr', newUuid()), mode });

const list = (mode: Mode, request: ListEventsRequest = {}) =>
  producers.rpc.call(ListEvents, request, {
    actor: { userId: toId('usr', newUuid()), mode, permissions: ['events:read'] },
  });

/** Publishes an event and waits until it is fed. */
async function feed(
  channel: EventChannel,
  type: string,
  more: Partial<EventEnvelope>,
): Promise<EventEnvelope> {
  const event = await producers.publish(channel, type, more.data as object | undefined, more);
  await eventually(async () => {
    const { rowCount } = await database
      .pool()
      .query('SELECT 1 FROM feed WHERE event_id = $1', [toUuid('evt', event.id)]);
    return rowCount === 1;
  });
  return event;
}

/** The events of an order, by this actor and then by the system, as they are fed. */
async function order(by: EventActor, ...types: string[]): Promise<EventEnvelope[]> {
  const streamId = newUuid();
  const events: EventEnvelope[] = [];
  for (const [index, type] of types.entries()) {
    const actor = index === 0 ? by : SYSTEM;
    const place = { streamId, subject: toId('ord', streamId), version: index + 1 };
    events.push(await feed(ORDERS_EVENTS, type, { ...place, actor, data: { requestHash: 'x' } }));
  }
  return events;
}

const ids = (events: { id: string }[]) => events.map(({ id }) => id);

/** Ids of everything after an event, page by page. */
async function allAfter(mode: Mode, after: string, limit: number): Promise<string[]> {
  const read: string[] = [];
  for (let next: string | null = after; next !== null;) {
    const { data, nextCursor } = await list(mode, { after: next, limit });
    read.push(...ids(data));
    next = nextCursor;
  }
  return read;
}

describe('the feed that clients read', () => {
  it('gives every event once, oldest first, in pages of any size, and goes on after any event', async () => {
    const [start] = await order(someone('live'), 'order.placed');
    const first = await order(someone('live'), 'order.placed', 'order.confirmed');
    const second = await order(someone('live'), 'order.placed', 'order.cancelled');
    const expected = ids([...first, ...second]);
    for (const limit of [1, 2, 3, 100]) {
      expect(await allAfter('live', start!.id, limit)).toEqual(expected);
    }
    expect(await allAfter('live', expected[1]!, 100)).toEqual(expected.slice(2));
    expect(await list('live', { after: expected.at(-1) })).toEqual({ data: [], nextCursor: null });
  });

  it('gives large events in shorter pages, all the same', async () => {
    const [start] = await order(someone('live'), 'order.placed');
    const large: string[] = [];
    for (let n = 0; n < 6; n += 1) {
      const data = { metadata: { note: 'x'.repeat(200_000) } };
      large.push((await feed(ORDERS_EVENTS, 'order.placed', { actor: someone('live'), data })).id);
    }
    expect(await allAfter('live', start!.id, 100)).toEqual(large);
  });

  it('shows the events of an order in the mode it was placed in, whoever caused them', async () => {
    const [begin] = await order(someone('live'), 'order.placed');
    const [testBegin] = await order(someone('test'), 'order.placed');
    const live = await order(someone('live'), 'order.placed', 'order.expired');
    const test = await order(someone('test'), 'order.placed', 'order.expired');
    expect(await allAfter('live', begin!.id, 100)).toEqual(ids(live));
    expect(await allAfter('test', testBegin!.id, 100)).toEqual(ids(test));
  });

  it('says what happened and to what, and neither who caused it nor how retries are recognised', async () => {
    const [placed] = await order(someone('test'), 'order.placed');
    const { data } = await list('test', { limit: 100 });
    expect(data.find(({ id }) => id === placed!.id)).toEqual({
      id: placed!.id,
      type: 'order.placed',
      version: 1,
      subject: placed!.subject,
      occurredAt: placed!.occurredAt,
      data: {},
    });
  });

  it('keeps what is between services to itself', async () => {
    const { id } = await feed(IDENTITY_EVENTS, 'mail.requested', { data: { purpose: 'reset' } });
    for (const mode of MODES) {
      expect(ids((await list(mode, { limit: 100 })).data)).not.toContain(id);
      await expect(list(mode, { after: toId('evt', newUuid()) })).rejects.toMatchObject({
        code: 'validation-failed',
      });
    }
  });

  it('gives the types that are asked for, by name or by family', async () => {
    const [begin] = await order(someone('live'), 'order.placed');
    const [placed, paid] = await order(someone('live'), 'order.placed', 'order.paid');
    const key = await feed(API_KEYS_EVENTS, 'api_key.created', { actor: someone('live') });
    const typed = async (types: string) =>
      ids((await list('live', { after: begin!.id, types })).data);
    expect(await typed('order.paid')).toEqual([paid!.id]);
    expect(await typed('api_key.*,order.placed')).toEqual([placed!.id, key.id]);
    expect(await typed('*')).toEqual([placed!.id, paid!.id, key.id]);
    expect(await typed(FEED_EVENT_TYPES.join(','))).toEqual(await typed('*'));
    for (const types of ['order.voided', 'order', '', 'order.paid,', '*.paid', 'order.paid, *']) {
      await expect(list('live', { types })).rejects.toMatchObject({ code: 'validation-failed' });
    }
  });

  it.each(['', 'evt_', '0', 'x', toId('evt', newUuid()), toId('ord', newUuid())])(
    'refuses to begin after %p',
    async (after) => {
      await expect(list('live', { after })).rejects.toMatchObject({
        code: 'validation-failed',
        details: { errors: [{ pointer: '/after' }] },
      });
    },
  );

  it('knows the mode of a whole order that is fed at once', async () => {
    const streamId = newUuid();
    const actors = [someone('test'), SYSTEM];
    const events = actors.map((actor, index) => ({ streamId, version: index + 1, actor }));
    const { rows } = await database.pool().query(
      `INSERT INTO feed (event_id, envelope) SELECT gen_random_uuid(), event FROM jsonb_array_elements($1) AS event
       RETURNING mode`,
      [JSON.stringify(events)],
    );
    expect(rows).toEqual([{ mode: 'test' }, { mode: 'test' }]);
  });

  it('begins after no event of the other mode', async () => {
    const [test] = await order(someone('test'), 'order.placed');
    await expect(list('live', { after: test!.id })).rejects.toMatchObject({
      code: 'validation-failed',
    });
  });
});

describe('the feed of before there were modes', () => {
  it('knows them by the first event of each stream', async () => {
    const isNew = ({ name }: { name: string }) => name.startsWith('AddFeedWorlds');
    const old = await testDatabase(migrations.filter((one) => !isNew(one)));
    try {
      const streamId = newUuid();
      const place = (version: number, actor: EventActor) => {
        const event = { streamId, subject: 'ord_1', version, type: 'order.placed', actor };
        return old
          .pool()
          .query('INSERT INTO feed (event_id, envelope) VALUES ($1, $2)', [newUuid(), event]);
      };
      const by = someone('test');
      await place(1, by);
      await place(2, SYSTEM);
      const upgrade = { service: 'notifications', databaseUrl: old.adminUrl, migrations };
      await runMigrations(upgrade);
      await place(3, SYSTEM);
      const { rows } = await old.pool().query('SELECT DISTINCT mode, owner FROM feed');
      expect(rows).toEqual([{ mode: 'test', owner: (by as { userId: string }).userId }]);
    } finally {
      await old.drop();
    }
  });
});
