import { isAppError } from '@flotilla/contracts/errors';
import { newUuid } from '@flotilla/contracts/ids';
import { runInContext } from '@flotilla/runtime/request-context';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import type { TestDatabase } from '@flotilla/testing/postgres';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { serviceDatabase, startBilling, type TestService } from '../test/services.js';
import { EventStreams, type StreamRef } from './event-streams.js';

const PLACED = { type: 'order.placed', data: { total: 1 } };

function newStream(): StreamRef {
  return { id: newUuid(), subject: 'ord_1' };
}

describe('event streams', () => {
  let nats: TestNats;
  let db: TestDatabase;
  let service: TestService;

  beforeAll(async () => {
    [nats, db] = await Promise.all([testNats(), serviceDatabase()]);
    service = await startBilling(db, nats.url);
  });
  afterAll(async () => {
    await service?.close();
    await Promise.all([nats?.stop(), db?.drop()]);
  });

  const within = <T>(work: (streams: EventStreams) => Promise<T>): Promise<T> =>
    service.database.transaction((tx) => work(new EventStreams(tx)));
  const versions = async (stream: StreamRef): Promise<number[]> =>
    (await within((streams) => streams.read(stream.id))).map((event) => event.version);

  it('are read back as they were written, with the actor of the request and without its permissions', async () => {
    const stream = newStream();
    const actor = { userId: 'usr_1', mode: 'live', permissions: ['orders:write'] } as const;
    const written = await runInContext({ requestId: 'r1', actor }, () =>
      within((streams) =>
        streams.append(stream, 0, [PLACED, { type: 'order.paid', data: {} }], {
          at: new Date('2026-01-02T03:04:05.678Z'),
        }),
      ),
    );
    expect(await within((streams) => streams.read(stream.id))).toEqual(written);
    expect(written).toMatchObject([
      {
        version: 1,
        subject: 'ord_1',
        occurredAt: '2026-01-02T03:04:05.678Z',
        actor: { userId: 'usr_1', mode: 'live' },
        data: { total: 1 },
      },
      { version: 2, type: 'order.paid' },
    ]);
    expect(written[0]!.actor).not.toHaveProperty('permissions');
    expect(await within((streams) => streams.read(stream.id, 1))).toHaveLength(1);
  });

  it('let one of two writers that meet win', async () => {
    for (let round = 0; round < 20; round += 1) {
      const stream = newStream();
      const outcomes = await Promise.allSettled([
        within((streams) => streams.append(stream, 0, [PLACED, PLACED])),
        within((streams) => streams.append(stream, 0, [PLACED, PLACED, PLACED])),
      ]);
      const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(lost).toHaveLength(1);
      expect(isAppError(lost[0]!.reason, 'version-conflict')).toBe(true);
      expect([2, 3]).toContain((await versions(stream)).length);
    }
  });

  it('hold nothing of a transaction that was rolled back', async () => {
    const stream = newStream();
    const failing = within(async (streams) => {
      await streams.append(stream, 0, [PLACED]);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await versions(stream)).toEqual([]);
  });

  it('leave the transaction usable after a conflict, with nothing written of the refused batch', async () => {
    const [taken, free] = [newStream(), newStream()];
    await within((streams) => streams.append(taken, 0, [PLACED]));
    await within(async (streams) => {
      await expect(streams.append(taken, 0, [PLACED, PLACED])).rejects.toMatchObject({
        code: 'version-conflict',
      });
      await streams.append(free, 0, [PLACED]);
    });
    expect(await versions(taken)).toEqual([1]);
    expect(await versions(free)).toEqual([1]);
  });

  it('take several streams in one statement, each whole or not at all', async () => {
    const [taken, free] = [newStream(), newStream()];
    await within((streams) => streams.append(taken, 0, [PLACED]));
    const answers = await within((streams) =>
      streams.appendMany([
        { stream: taken, expectedVersion: 0, events: [PLACED, PLACED] },
        { stream: free, expectedVersion: 0, events: [PLACED, PLACED] },
      ]),
    );
    expect(answers.map((events) => events?.length ?? null)).toEqual([null, 2]);
    expect(await versions(taken)).toEqual([1]);
    expect(await versions(free)).toEqual([1, 2]);
  });

  it('count 1…n without a gap, whatever versions writers expect', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ expected: fc.nat(6), count: fc.integer({ min: 1, max: 3 }) }), {
          maxLength: 12,
        }),
        async (attempts) => {
          const stream = newStream();
          let length = 0;
          for (const { expected, count } of attempts) {
            const events = Array.from({ length: count }, () => PLACED);
            const [written] = await within((streams) =>
              streams.appendMany([{ stream, expectedVersion: expected, events }]),
            );
            expect(written === null).toBe(expected !== length);
            if (written) length += count;
          }
          expect(await versions(stream)).toEqual(Array.from({ length }, (_, index) => index + 1));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('cannot be changed, deleted or truncated, not even by the owner of the table', async () => {
    const stream = newStream();
    await within((streams) => streams.append(stream, 0, [PLACED]));
    const owner = db.pool();
    for (const statement of [
      `UPDATE events SET payload = '{}' WHERE stream_id = '${stream.id}'`,
      `UPDATE events SET published_at = now(), version = 7 WHERE stream_id = '${stream.id}'`,
      `DELETE FROM events WHERE stream_id = '${stream.id}'`,
      'TRUNCATE events',
    ]) {
      await expect(owner.query(statement)).rejects.toThrow('append-only');
    }
    await owner.query(`UPDATE events SET published_at = now() WHERE stream_id = '${stream.id}'`);
  });

  it('can be blanked in what is about a person, by anybody who may write rows, and in nothing else', async () => {
    const stream = newStream();
    const data = { number: 'F-1', shippingAddress: { city: 'London' }, metadata: { a: { b: 1 } } };
    const other = { type: 'order.paid', data };
    await within((streams) => streams.append(stream, 0, [{ type: 'order.placed', data }, other]));
    const [before] = await within((streams) => streams.read(stream.id));

    await within((streams) => streams.redact([stream.id, newUuid()], 'order.placed'));
    const blank = { number: 'F-1', shippingAddress: null, metadata: {} };
    expect(await within((streams) => streams.read(stream.id))).toMatchObject([
      { ...before, data: blank },
      other,
    ]);
    const owner = db.pool();
    const { rows } = await owner.query<{ redacted: Date | null }>(
      'SELECT redacted_at AS redacted FROM events WHERE stream_id = $1 ORDER BY version',
      [stream.id],
    );
    expect(rows).toEqual([{ redacted: expect.any(Date) }, { redacted: null }]);
    await within((streams) => streams.redact([stream.id], 'order.placed'));

    for (const change of [
      `payload = payload || '{"number": "F-2"}'`,
      `payload = payload || '{"number": 0}'`,
      `payload = payload || '{"more": null}'`,
      `payload = payload - 'number'`,
      `payload = payload || '{"number": null}', type = 'order.paid'`,
      `payload = payload || '{"number": null}', occurred_at = now()`,
      `payload = payload || '{"number": null}', metadata = '{}'`,
    ]) {
      const statement = `UPDATE events SET ${change}, redacted_at = now() WHERE stream_id = '${stream.id}'`;
      await expect(owner.query(statement)).rejects.toThrow('append-only');
    }
  });
});
