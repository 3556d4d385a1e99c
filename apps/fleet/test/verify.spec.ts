import { toId, toUuid } from '@flotilla/contracts/ids';
import type { CreatedApiKey } from '@flotilla/contracts/api-keys';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@flotilla/testing/eventually';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { sample } from '@flotilla/testing/sample';
import type { Violation } from '../src/verify/report.js';
import { verify as reconcile } from '../src/verify/verify.js';
import { type Corruption, CORRUPTIONS, type Ids } from './corruptions.js';
import { placeOrder, rows, settled, stockUp, verify } from './actions.js';

const OF_A_DAY = 16;
const inShort = ({ table, invariant }: Corruption) => `${table}/${invariant}`;

describe('verify', () => {
  let fleet: TestFleet;
  let ids: Ids;

  beforeAll(async () => {
    fleet = await testFleet();
    await stockUp(fleet, { SHIRT: 100 });
    const order = async (key: string, more: object = {}) =>
      toUuid(
        'ord',
        (await placeOrder(fleet.client, key, [{ sku: 'SHIRT', quantity: 2 }], more)).body.id,
      );
    const key = async () => {
      const body = { name: 'till', mode: 'live', permissions: ['orders:read'] };
      return (await fleet.client.post<CreatedApiKey>('/api/v1/api-keys', body)).body.id;
    };
    const [confirmed, cancelled, held] = [
      await order('confirmed', { metadata: { note: 'as it was' } }),
      await order('cancelled'),
      await order('held', { holdMinutes: 60 }),
    ];
    await fleet.client.post(`/api/v1/orders/${toId('ord', cancelled)}/cancel`, {});
    await fleet.client.post(
      `/api/v1/orders/${toId('ord', confirmed)}/fulfillments`,
      { items: [{ sku: 'SHIRT', quantity: 1 }] },
      { 'idempotency-key': 'shipped' },
    );
    const [kept, revoked] = [await key(), await key()];
    await fleet.client.request('DELETE', `/api/v1/api-keys/${revoked}`);
    await everythingHeard();
    const idOf = async (service: string, from: string) =>
      (await rows<{ id: string }>(fleet, service, `SELECT id FROM ${from} LIMIT 1`))[0]!.id;
    ids = {
      confirmed,
      cancelled,
      held,
      key: toUuid('key', kept),
      revoked: toUuid('key', revoked),
      user: await idOf('identity', 'accounts'),
      product: await idOf('inventory', 'products'),
      placedEvent: await idOf('orders', `events WHERE stream_id = '${confirmed}' AND version = 1`),
      adjustedEvent: await idOf('inventory', 'events'),
      reserve: await idOf(
        'inventory',
        `movements WHERE order_id = '${confirmed}' AND type = 'reserve'`,
      ),
    };
  }, 150_000);
  afterAll(() => fleet?.stop());

  /** Waits until every event has reached everybody: from then on nothing but the test changes a row. */
  async function everythingHeard(): Promise<void> {
    await settled(fleet);
    const count = async (service: string, from: string) =>
      Number(
        (await rows<{ n: string }>(fleet, service, `SELECT count(*) AS n FROM ${from}`))[0]!.n,
      );
    await eventually(async () => {
      const { checked } = await reconcile(fleet.file().databaseUrl);
      const told = await count('orders', 'events');
      return checked['fed'] === checked['events'] && told === (await count('inventory', 'inbox'));
    });
  }

  /** Changes rows behind the back of triggers and keys, looks, and puts the table back as it was. */
  async function corrupted({ service, table, statement }: Corruption): Promise<Violation[]> {
    const change = statement.startsWith('DELETE')
      ? statement.replace('DELETE', `DELETE FROM ${table}`)
      : `UPDATE ${table} ${statement}`;
    const named = change.replaceAll(/ :(\w+)/g, (_, name: keyof Ids) => ` '${ids[name]}'`);
    const [{ columns }] = (await rows<{ columns: string }>(
      fleet,
      service,
      `SELECT string_agg(column_name, ', ') AS columns FROM information_schema.columns
       WHERE table_name = '${table}' AND is_generated = 'NEVER'`,
    )) as [{ columns: string }];
    const unguarded = 'SET session_replication_role = replica';
    await rows(fleet, service, `CREATE TABLE untouched AS SELECT ${columns} FROM ${table}`);
    try {
      await rows(fleet, service, `${unguarded}; ${named}`);
      return (await reconcile(fleet.file().databaseUrl)).violations;
    } finally {
      await rows(
        fleet,
        service,
        `${unguarded}; DELETE FROM ${table};
         INSERT INTO ${table} (${columns}) OVERRIDING SYSTEM VALUE SELECT * FROM untouched;
         DROP TABLE untouched`,
      );
    }
  }

  it.each(sample('corruptions', CORRUPTIONS, OF_A_DAY, inShort))(
    'names the row after a change by hand: $service $table $statement',
    async (corruption) => {
      const { invariant, id } = corruption;
      const violations = await corrupted(corruption);
      expect(violations).toContainEqual(expect.objectContaining({ invariant, id: ids[id] }));
      expect(violations.filter(({ id: row }) => row === '*')).toEqual([]);
    },
  );

  it('says what else is wrong when one thing cannot be looked at', async () => {
    await rows(fleet, 'users', 'ALTER TABLE profiles RENAME TO mislaid');
    const { code, document } = await verify(fleet);
    await rows(fleet, 'users', 'ALTER TABLE mislaid RENAME TO profiles');
    expect([code, document.ok]).toEqual([1, false]);
    expect(document.violations).toContainEqual(
      expect.objectContaining({
        invariant: 'profile-per-registered-user',
        table: 'profiles',
        id: '*',
      }),
    );
    expect(document.checked['orders']).toBe(3);
  });

  it('finds nothing wrong once everything is as it was', async () => {
    const { code, document } = await verify(fleet);
    expect([code, document.violations]).toEqual([0, []]);
  });
});
