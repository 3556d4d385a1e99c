import { AppError } from '@flotilla/contracts/errors';
import {
  listDeadLettersOperation,
  readStreamOperation,
  replayDeadLettersOperation,
} from '@flotilla/contracts/event-stream';
import { type EventEnvelope, eventSubject } from '@flotilla/contracts/events';
import { newUuid, toId } from '@flotilla/contracts/ids';
import { eventually } from '@flotilla/testing/eventually';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Parties } from '../test/parties.js';
import { addVersion, allInOrder, effects, expire, placeOrders, SHOP } from '../test/services.js';
import { readStream } from './event-streams.js';

describe('the inbox', () => {
  let parties: Parties;
  beforeEach(async () => {
    parties = await Parties.open();
  });
  afterEach(() => parties.close());

  /** Everything the shop wrote, several times over and in no order, as different messages to the broker. */
  async function publishShuffled(streams: readonly string[], times: number): Promise<void> {
    const events: EventEnvelope[] = [];
    for (const stream of streams) events.push(...(await readStream(parties.shop.database, stream)));
    const shuffled = Array.from({ length: times }, () => events)
      .flat()
      .map((event) => ({ event, at: Math.random() }))
      .sort((a, b) => a.at - b.at);
    const client = (await parties.shop.jetStream.manager()).jetstream();
    for (const { event } of shuffled) {
      await client.publish(eventSubject(SHOP, event.type), JSON.stringify(event), {
        msgID: newUuid(),
      });
    }
  }

  /** The broker's retention is over for everything written so far: it has nothing, and the shop publishes nothing again. */
  async function loseAtBroker(): Promise<void> {
    await eventually(async () => {
      const unpublished = await parties.shop.database.rows(
        'SELECT FROM events WHERE published_at IS NULL',
      );
      expect(unpublished).toHaveLength(0);
    });
    await expire(parties.shopDb);
    await (await parties.shop.jetStream.manager()).streams.purge(SHOP.stream);
  }

  it.each([
    ['together with others', true],
    ['alone', false],
  ])(
    'applies each event once and in order %s, though all are published several times and shuffled',
    async (_, together) => {
      const streams = await placeOrders(parties.shop, { streams: 12, versions: 8 });
      await loseAtBroker();
      await publishShuffled(streams, 2);
      await parties.bill(undefined, together);
      await eventually(async () =>
        expect(await effects(parties.billingDb)).toEqual(allInOrder(streams, 8)),
      );
      await publishShuffled(streams, 1);
      await eventually(async () => {
        const { consumers } = await parties.shop.jetStream.manager();
        const { num_pending, num_ack_pending } = await consumers.info(SHOP.stream, 'billing');
        expect(num_pending + num_ack_pending).toBe(0);
      });
      expect(await effects(parties.billingDb)).toEqual(allInOrder(streams, 8));
    },
  );

  it('keeps two replicas that handle the same streams at once from doing anything twice or out of order', async () => {
    await Promise.all([parties.bill(), parties.bill()]);
    const streams = await placeOrders(parties.shop, { streams: 6, versions: 20 });
    await publishShuffled(streams, 1);
    await eventually(async () =>
      expect(await effects(parties.billingDb)).toEqual(allInOrder(streams, 20)),
    );
  });

  it('applies what came meanwhile in one transaction, and what fails in it fails alone', async () => {
    const streams = await placeOrders(parties.shop, { streams: 20, versions: 1 });
    const first = Promise.withResolvers<void>();
    let isFirst = true;
    let cured = false;
    await parties.bill(async ({ streamId }) => {
      if (isFirst) {
        isFirst = false;
        await first.promise;
      }
      if (!cured && streamId === streams[7]) throw new Error('poison');
    });
    await eventually(async () => {
      const { consumers } = await parties.shop.jetStream.manager();
      expect((await consumers.info(SHOP.stream, 'billing')).num_ack_pending).toBe(20);
    });
    first.resolve();
    const healthy = streams.filter((stream) => stream !== streams[7]);
    await eventually(async () =>
      expect(await effects(parties.billingDb)).toEqual(allInOrder(healthy, 1)),
    );
    cured = true;
    await eventually(async () =>
      expect(await effects(parties.billingDb)).toEqual(allInOrder(streams, 1)),
    );

    const more = await placeOrders(parties.shop, { streams: 50, versions: 1 });
    await eventually(async () =>
      expect(await effects(parties.billingDb)).toEqual(allInOrder([...streams, ...more], 1)),
    );
    const { rows } = await parties.billingDb
      .pool()
      .query<{ transactions: number }>(
        `SELECT count(DISTINCT xmin::text)::int AS transactions FROM effects WHERE stream_id = ANY($1)`,
        [more],
      );
    expect(rows[0]!.transactions).toBeLessThan(more.length / 2);
  });

  it('fetches what the broker never delivered from the producer', async () => {
    const streams = await placeOrders(parties.shop, { streams: 3, versions: 150 });
    await loseAtBroker();
    const manager = await parties.shop.jetStream.manager();
    for (const stream of streams) {
      const last = (await readStream(parties.shop.database, stream, 149))[0]!;
      await manager.jetstream().publish(eventSubject(SHOP, last.type), JSON.stringify(last));
    }
    await parties.bill();
    await eventually(async () =>
      expect(await effects(parties.billingDb)).toEqual(allInOrder(streams, 150)),
    );
  });

  it('puts a poisonous event and what follows in its stream aside, and a replay applies them in order', async () => {
    const [poisonous] = await placeOrders(parties.shop, { streams: 1, versions: 1 });
    let cured = false;
    const billing = await parties.bill((event) => {
      if (!cured && event.streamId === poisonous && event.version === 2) throw new Error('poison');
    });
    const healthy = await placeOrders(parties.shop, { streams: 5, versions: 4 });
    for (const version of [2, 3, 4]) await addVersion(parties.shop, [poisonous!], version);

    const dead = await eventually(async () => {
      const { data } = await parties.shop.rpc.call(listDeadLettersOperation('billing'), {
        limit: 10,
      });
      expect(data.map((letter) => letter.event.version).toSorted()).toEqual([2, 3, 4]);
      return data;
    });
    expect(dead.find((letter) => letter.event.version === 2)!.reason).toBe('poison');
    expect(dead.find((letter) => letter.event.version === 4)!.reason).toBe('waits for version 2');
    expect(await effects(parties.billingDb)).toEqual(
      new Map([...allInOrder(healthy, 4), [poisonous!, [1]]]),
    );

    const replay = replayDeadLettersOperation('billing');
    expect(await parties.shop.rpc.call(replay, {})).toEqual({
      replayed: 0,
      failed: 1,
      remaining: 2,
    });
    cured = true;
    const poison = dead.find((letter) => letter.event.version === 2)!;
    expect(await parties.shop.rpc.call(replay, { ids: [poison.id] })).toEqual({
      replayed: 3,
      failed: 0,
      remaining: 0,
    });
    expect((await effects(parties.billingDb)).get(poisonous!)).toEqual([1, 2, 3, 4]);
    expect(await billing.deadLetters.list(10)).toEqual([]);

    await addVersion(parties.shop, [poisonous!], 5);
    await eventually(async () =>
      expect((await effects(parties.billingDb)).get(poisonous!)).toEqual([1, 2, 3, 4, 5]),
    );
  });

  it('never gives an event up because a database or a peer is away', async () => {
    let attempts = 0;
    const billing = await parties.bill(() => {
      attempts += 1;
      if (attempts <= 6) throw new AppError('unavailable', 'not now');
    });
    const streams = await placeOrders(parties.shop, { streams: 1, versions: 1 });
    await eventually(async () =>
      expect(await effects(parties.billingDb)).toEqual(allInOrder(streams, 1)),
    );
    expect(await billing.deadLetters.list(10)).toEqual([]);
    expect((await parties.billingDb.pool().query('SELECT * FROM dead_letters')).rowCount).toBe(0);
  });

  it('counts attempts that never came back, so that an event that kills the process is dead after five', async () => {
    const billing = await parties.bill();
    const event: EventEnvelope = {
      id: toId('evt', newUuid()),
      type: 'order.placed',
      version: 1,
      subject: 'ord_test',
      streamId: newUuid(),
      occurredAt: '2026-01-01T00:00:00.000Z',
      actor: { system: 'test' },
      data: {},
    };
    // Each begins and never ends; the first leaves no trace.
    for (const attempt of [2, 3, 4, 5]) {
      const delivery = {
        event,
        consumer: 'billing',
        channel: SHOP,
        attempt,
        headers: {},
        together: false,
      };
      expect(await billing.letters.open(delivery)).toBe(true);
      expect(await billing.deadLetters.list(10)).toEqual([]);
    }
    await billing.dispatcher.dispatch('billing', event, {
      attempt: 6,
      headers: {},
      together: false,
    });
    expect(await billing.deadLetters.list(10)).toMatchObject([
      { event, reason: 'no attempt came back', attempts: 5 },
    ]);
    expect(await effects(parties.billingDb)).toEqual(new Map());
  });

  it('answers with pages of a stream that fit into a message', async () => {
    const [stream] = await placeOrders(parties.shop, { streams: 1, versions: 130 });
    const read = readStreamOperation('shop');
    const first = await parties.shop.rpc.call(read, { streamId: stream!, afterVersion: 0 });
    expect(first.events.map((event) => event.version)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    const rest = await parties.shop.rpc.call(read, { streamId: stream!, afterVersion: 100 });
    expect(rest.events).toHaveLength(30);
  });
});
