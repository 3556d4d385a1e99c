import { type EventEnvelope, eventSubject } from '@flotilla/contracts/events';
import { newUuid } from '@flotilla/contracts/ids';
import { eventually } from '@flotilla/testing/eventually';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Parties } from '../test/parties.js';
import { allInOrder, effects, expire, placeOrders, SHOP } from '../test/services.js';

describe('the relay of events', () => {
  let parties: Parties;
  beforeEach(async () => {
    parties = await Parties.open();
  });
  afterEach(() => parties.close());

  async function unpublished(): Promise<number> {
    const [row] = await parties.shop.database.rows<{ count: number }>(
      'SELECT count(*)::int AS count FROM events WHERE published_at IS NULL',
    );
    return row!.count;
  }
  async function stored(): Promise<EventEnvelope[]> {
    const { streams } = await parties.shop.jetStream.manager();
    const { state } = await streams.info(SHOP.stream);
    const events: EventEnvelope[] = [];
    for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
      const message = await streams.getMessage(SHOP.stream, { seq });
      if (message) events.push(message.json<EventEnvelope>());
    }
    return events;
  }

  it('publishes each event once, and the events of a stream in order, with two replicas at work', async () => {
    await parties.openShop();
    const streams = await placeOrders(parties.shop, { streams: 100, versions: 4 });
    await eventually(async () => (await unpublished()) === 0);
    const published = await stored();
    expect(new Set(published.map((event) => event.id)).size).toBe(400);
    expect(published).toHaveLength(400);

    await parties.bill();
    await eventually(async () =>
      expect(await effects(parties.billingDb)).toEqual(allInOrder(streams, 4)),
    );
  });

  it('records where the broker keeps each event', async () => {
    await placeOrders(parties.shop, { streams: 20, versions: 2 });
    await eventually(async () => (await unpublished()) === 0);
    const published = await stored();
    const rows = await parties.shop.database.rows<{
      version: number;
      stream_id: string;
      seq: string;
    }>('SELECT stream_id, version, published_seq AS seq FROM events ORDER BY published_seq');
    expect(rows.map((row) => [Number(row.seq), row.stream_id, row.version])).toEqual(
      published.map((event, index) => [index + 1, event.streamId, event.version]),
    );
  });

  it('keeps events while NATS is away and publishes all of them when it is back', async () => {
    await parties.nats.kill();
    const streams = await placeOrders(parties.shop, { streams: 40, versions: 3 });
    expect(await unpublished()).toBe(120);
    await parties.nats.restart();
    await parties.bill();
    await eventually(async () =>
      expect(await effects(parties.billingDb)).toEqual(allInOrder(streams, 3)),
    );
    await eventually(async () => (await unpublished()) === 0);
  });

  it('publishes everything again to a broker that came back empty, and each effect happens once', async () => {
    await parties.bill();
    const before = await placeOrders(parties.shop, { streams: 50, versions: 2 });
    await eventually(async () => (await unpublished()) === 0);
    await parties.nats.kill();
    const meanwhile = await placeOrders(parties.shop, { streams: 10, versions: 2 });
    await parties.nats.restart({ wipe: true });
    const after = await placeOrders(parties.shop, { streams: 10, versions: 2 });

    await eventually(async () => {
      expect(await unpublished()).toBe(0);
      const ids = (await stored()).map((event) => event.id);
      expect(new Set(ids).size).toBe(140);
    });
    const all = [...before, ...meanwhile, ...after];
    await eventually(async () =>
      expect(await effects(parties.billingDb)).toEqual(allInOrder(all, 2)),
    );
  });

  it('publishes again only what came after the point up to which the broker still agrees', async () => {
    const streams = await placeOrders(parties.shop, { streams: 30, versions: 1 });
    await eventually(async () => (await unpublished()) === 0);
    const kept = (await stored()).slice(0, 20);
    const publishedKept = `SELECT published_at FROM events WHERE published_seq <= 20 ORDER BY published_seq`;
    const { rows: before } = await parties.shopDb.pool().query(publishedKept);
    await parties.shop.close();
    const { jetStream } = await parties.bill();
    const manager = await jetStream.manager();
    await manager.streams.delete(SHOP.stream);
    await jetStream.ensureStream(SHOP);
    for (const event of kept) {
      await manager
        .jetstream()
        .publish(eventSubject(SHOP, event.type), JSON.stringify(event), { msgID: event.id });
    }

    await parties.openShop();
    await eventually(async () => expect(await stored()).toHaveLength(30));
    await eventually(async () => (await unpublished()) === 0);
    expect((await parties.shopDb.pool().query(publishedKept)).rows).toEqual(before);
    await eventually(async () =>
      expect(await effects(parties.billingDb)).toEqual(allInOrder(streams, 1)),
    );
  });

  it('notices that its places were given to others, though the stream is as long as it was', async () => {
    await placeOrders(parties.shop, { streams: 20, versions: 1 });
    await eventually(async () => (await unpublished()) === 0);
    const manager = await parties.shop.jetStream.manager();
    await manager.streams.delete(SHOP.stream);
    await parties.shop.jetStream.ensureStream(SHOP);
    for (let seq = 1; seq <= 25; seq += 1) {
      await manager.jetstream().publish(eventSubject(SHOP, 'order.placed'), '{}', {
        msgID: newUuid(),
      });
    }

    await eventually(async () =>
      expect((await manager.streams.info(SHOP.stream)).state.last_seq).toBe(45),
    );
    await eventually(async () => (await unpublished()) === 0);
  });

  it.each([
    { fate: 'dropped for its age', wiped: false, recorded: 21 },
    { fate: 'would have dropped by now, had it not lost everything', wiped: true, recorded: 1 },
  ])('does not publish again what the broker $fate', async ({ wiped, recorded }) => {
    await placeOrders(parties.shop, { streams: 20, versions: 1 });
    await eventually(async () => (await unpublished()) === 0);
    await parties.shop.close();
    await expire(parties.shopDb);
    const { jetStream } = await parties.bill();
    const { streams } = await jetStream.manager();
    if (wiped) {
      await streams.delete(SHOP.stream);
      await jetStream.ensureStream(SHOP);
    } else await streams.purge(SHOP.stream);

    await parties.openShop();
    await placeOrders(parties.shop, { streams: 1, versions: 1 });
    await eventually(async () => (await unpublished()) === 0);
    expect(await stored()).toHaveLength(1);
    const { rows } = await parties.shopDb
      .pool()
      .query('SELECT count(published_seq)::int AS n FROM events');
    expect(rows).toEqual([{ n: recorded }]);
  });

  it('is woken by every commit of its own process, long before it would look by itself', async () => {
    // By polling once a second ten rounds take about five seconds, and never less than two by luck; a busy machine may need them.
    await eventually(async () => {
      const started = performance.now();
      for (let round = 0; round < 10; round += 1) {
        await placeOrders(parties.shop, { streams: 1, versions: 1 });
        await eventually(async () => (await unpublished()) === 0);
      }
      expect(performance.now() - started).toBeLessThan(2_000);
    });
  });

  it('finds what a process without a relay has committed', async () => {
    await parties.shopDb.pool().query(
      `INSERT INTO events (id, stream_id, version, subject, type, payload, metadata, occurred_at)
       VALUES (gen_random_uuid(), gen_random_uuid(), 1, 'ord_test', 'order.placed', '{}', '{"actor":{"system":"test"}}', now())`,
    );
    await eventually(async () => (await unpublished()) === 0);
    expect(await stored()).toHaveLength(1);
  });
});
