import { toUuid } from '@flotilla/contracts/ids';
import type { CreatedApiKey } from '@flotilla/contracts/api-keys';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@flotilla/testing/eventually';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import type { Violation } from '../src/verify/report.js';
import { verify as reconcile } from '../src/verify/verify.js';
import { placeOrder, rows, settled, stockUp, verify } from './actions.js';

/** One row changed by hand, and what is found: the invariant, and the row by one of the names of `Ids`. */
type Corruption = [
  service: string,
  table: string,
  statement: string,
  invariant: string,
  id: keyof Ids,
];

/** The rows that are corrupted, by uuid. */
interface Ids {
  confirmed: string;
  cancelled: string;
  held: string;
  key: string;
  revoked: string;
  user: string;
  product: string;
  placedEvent: string;
  adjustedEvent: string;
  reserve: string;
  any: string;
}

const EVENTS: Corruption[] = [
  [
    'orders',
    'events',
    "SET type = 'order.lost' WHERE id = :placedEvent",
    'known-event-type',
    'placedEvent',
  ],
  [
    'orders',
    'events',
    "SET subject = 'ord_else' WHERE id = :placedEvent",
    'subject-names-stream',
    'placedEvent',
  ],
  [
    'orders',
    'events',
    "SET metadata = jsonb_set(metadata, '{actor,userId}', '\"usr_else\"') WHERE id = :placedEvent",
    'order-row-is-fold-of-events',
    'confirmed',
  ],
  [
    'orders',
    'events',
    "SET metadata = jsonb_set(metadata, '{actor,keyId}', '\"key_else\"') WHERE id = :placedEvent",
    'feed-is-what-was-told',
    'placedEvent',
  ],
  [
    'orders',
    'events',
    "SET occurred_at = occurred_at + interval '1 s' WHERE id = :placedEvent",
    'order-row-is-fold-of-events',
    'confirmed',
  ],
  [
    'orders',
    'events',
    "SET payload = jsonb_set(payload, '{items}', '7') WHERE id = :placedEvent",
    'order-lines-are-those-placed',
    'confirmed',
  ],
  [
    'orders',
    'events',
    'DELETE WHERE stream_id = :cancelled AND version = 2',
    'order-row-is-fold-of-events',
    'cancelled',
  ],
  [
    'inventory',
    'events',
    'DELETE WHERE id = :adjustedEvent',
    'feed-is-what-was-told',
    'adjustedEvent',
  ],
  [
    'inventory',
    'events',
    'SET payload = payload || \'{"delta": 7}\' WHERE id = :adjustedEvent',
    'product-is-that-of-its-events',
    'product',
  ],
  [
    'inventory',
    'events',
    "SET subject = 'ELSE' WHERE id = :adjustedEvent",
    'feed-is-what-was-told',
    'adjustedEvent',
  ],
];

const ORDERS: Corruption[] = [
  ...[
    'number = 7',
    'user_id = gen_random_uuid()',
    "mode = 'test'",
    "status = 'completed'",
    "payment_status = 'captured'",
    "fulfillment_status = 'fulfilled'",
    "currency = 'USD'",
    'total_amount = total_amount + 1',
    `shipping_address = '{"city": "Elsewhere"}'`,
    `metadata = '{"note": "changed"}'`,
    'expires_at = now()',
    'version = version + 1',
    "created_at = created_at - interval '1 ms'",
    "updated_at = updated_at + interval '1 ms'",
  ].map((set): Corruption => [
    'orders',
    'orders',
    `SET ${set} WHERE id = :confirmed`,
    'order-row-is-fold-of-events',
    'confirmed',
  ]),
  [
    'orders',
    'orders',
    "SET expires_at = expires_at + interval '1 hour' WHERE id = :held",
    'order-row-is-fold-of-events',
    'held',
  ],
  ['orders', 'orders', 'DELETE WHERE id = :held', 'order-row-is-fold-of-events', 'held'],
  ...[
    "name = 'Else'",
    "sku = 'ELSE'",
    'quantity = quantity + 1',
    'unit_price_amount = 1',
    'position = 9',
  ].map((set): Corruption => [
    'orders',
    'order_lines',
    `SET ${set} WHERE order_id = :confirmed`,
    'order-lines-are-those-placed',
    'confirmed',
  ]),
  [
    'orders',
    'order_lines',
    'DELETE WHERE order_id = :confirmed',
    'order-lines-are-those-placed',
    'confirmed',
  ],
];

const STOCK: Corruption[] = [
  [
    'inventory',
    'stock',
    'SET available = available - 1 WHERE product_id = :product',
    'movements-sum-to-level',
    'product',
  ],
  [
    'inventory',
    'stock',
    'SET version = version + 100 WHERE product_id = :product',
    'stock-version-counts-changes',
    'product',
  ],
  [
    'inventory',
    'products',
    "SET mode = 'test' WHERE id = :product",
    'product-is-that-of-its-events',
    'product',
  ],
  [
    'inventory',
    'products',
    "SET sku = 'ELSE' WHERE id = :product",
    'product-is-that-of-its-events',
    'product',
  ],
  [
    'inventory',
    'movements',
    "SET type = 'commit' WHERE id = :reserve",
    'movement-fits-its-type',
    'reserve',
  ],
  [
    'inventory',
    'movements',
    'SET order_id = gen_random_uuid() WHERE id = :reserve',
    'ledger-tells-reservations',
    'confirmed',
  ],
  [
    'inventory',
    'movements',
    "SET occurred_at = occurred_at - interval '2 min' WHERE id = :reserve",
    'movement-is-dated-as-its-id',
    'reserve',
  ],
  [
    'inventory',
    'movements',
    "DELETE WHERE order_id = :confirmed AND type = 'commit'",
    'ledger-tells-reservations',
    'confirmed',
  ],
  [
    'inventory',
    'reservations',
    "SET state = 'released' WHERE order_id = :confirmed",
    'reservation-follows-order',
    'confirmed',
  ],
  [
    'inventory',
    'reservations',
    'SET request_hash = sha256(request_hash) WHERE order_id = :confirmed',
    'reservation-follows-order',
    'confirmed',
  ],
  [
    'inventory',
    'reservations',
    'SET expires_at = NULL WHERE order_id = :held',
    'reservation-follows-order',
    'held',
  ],
  [
    'inventory',
    'reservations',
    'DELETE WHERE order_id = :held',
    'reservation-follows-order',
    'held',
  ],
  [
    'inventory',
    'reservation_lines',
    "SET name = 'Else' WHERE order_id = :held",
    'reservation-follows-order',
    'held',
  ],
  [
    'inventory',
    'inbox',
    'SET event_id = gen_random_uuid() WHERE event_id = :placedEvent',
    'inbox-is-what-was-told',
    'any',
  ],
];

const CREDENTIALS: Corruption[] = [
  [
    'api-keys',
    'api_keys',
    'SET revoked_at = NULL WHERE id = :revoked',
    'api-key-is-fold-of-events',
    'revoked',
  ],
  [
    'api-keys',
    'api_keys',
    'SET revoked_at = now() WHERE id = :key',
    'api-key-is-fold-of-events',
    'key',
  ],
  [
    'api-keys',
    'api_keys',
    "SET permissions = permissions || ARRAY['users:admin'] WHERE id = :key",
    'api-key-is-fold-of-events',
    'key',
  ],
  ['api-keys', 'api_keys', "SET mode = 'test' WHERE id = :key", 'api-key-is-fold-of-events', 'key'],
  [
    'api-keys',
    'api_keys',
    'SET user_id = gen_random_uuid() WHERE id = :key',
    'api-key-is-fold-of-events',
    'key',
  ],
  ['api-keys', 'api_keys', 'DELETE WHERE id = :key', 'api-key-is-fold-of-events', 'key'],
  [
    'identity',
    'accounts',
    "SET role = 'customer' WHERE id = :user",
    'account-is-fold-of-events',
    'user',
  ],
  [
    'identity',
    'accounts',
    "SET email = 'else@example.com' WHERE id = :user",
    'account-is-fold-of-events',
    'user',
  ],
  ['identity', 'accounts', 'DELETE WHERE id = :user', 'account-is-fold-of-events', 'user'],
  [
    'users',
    'profiles',
    "SET last_name = 'Else' WHERE user_id = :user",
    'profile-is-that-registered',
    'user',
  ],
  ['users', 'profiles', 'DELETE WHERE user_id = :user', 'profile-per-registered-user', 'user'],
  [
    'notifications',
    'feed',
    'DELETE WHERE event_id = :placedEvent',
    'feed-has-what-was-heard',
    'placedEvent',
  ],
  [
    'notifications',
    'feed',
    "SET envelope = jsonb_set(envelope, '{data,currency}', '\"USD\"') WHERE event_id = :placedEvent",
    'feed-is-what-was-told',
    'placedEvent',
  ],
];

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
    const cancelledId = (
      await rows<{ subject: string }>(
        fleet,
        'orders',
        `SELECT subject FROM events WHERE stream_id = '${cancelled}'`,
      )
    )[0]!.subject;
    await fleet.client.post(`/api/v1/orders/${cancelledId}/cancel`, {});
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
      placedEvent: await idOf('orders', `events WHERE stream_id = '${confirmed}'`),
      adjustedEvent: await idOf('inventory', 'events'),
      reserve: await idOf(
        'inventory',
        `movements WHERE order_id = '${confirmed}' AND type = 'reserve'`,
      ),
      any: '',
    };
  }, 150_000);
  afterAll(() => fleet?.stop(), 60_000);

  /** Waits until every event has reached everybody: from then on nothing but the test changes a row. */
  async function everythingHeard(): Promise<void> {
    await settled(fleet);
    const count = async (service: string, from: string) =>
      Number(
        (await rows<{ n: string }>(fleet, service, `SELECT count(*) AS n FROM ${from}`))[0]!.n,
      );
    await eventually(
      async () => {
        const { checked } = await reconcile(fleet.file().databaseUrl);
        const told = await count('orders', 'events');
        return checked['fed'] === checked['events'] && told === (await count('inventory', 'inbox'));
      },
      { timeoutMs: 30_000 },
    );
  }

  /** Changes rows behind the back of triggers and keys, looks, and puts the table back as it was. */
  async function corrupted([service, table, statement]: Corruption): Promise<Violation[]> {
    const change = statement.startsWith('DELETE')
      ? statement.replace('DELETE', `DELETE FROM ${table}`)
      : `UPDATE ${table} ${statement}`;
    const named = change.replaceAll(/:([a-z]\w+)/gi, (_, name: keyof Ids) => `'${ids[name]}'`);
    const unguarded = 'SET session_replication_role = replica';
    await rows(fleet, service, `CREATE TABLE untouched AS TABLE ${table}`);
    try {
      await rows(fleet, service, `${unguarded}; ${named}`);
      return (await reconcile(fleet.file().databaseUrl)).violations;
    } finally {
      await rows(
        fleet,
        service,
        `${unguarded}; DELETE FROM ${table};
         INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM untouched; DROP TABLE untouched`,
      );
    }
  }

  it.each([...EVENTS, ...ORDERS, ...STOCK, ...CREDENTIALS])(
    'names the row after a change by hand: %s.%s %s',
    async (...corruption) => {
      const [, , , invariant, name] = corruption;
      const violations = await corrupted(corruption);
      expect(violations).toContainEqual(
        expect.objectContaining({ invariant, ...(ids[name] && { id: ids[name] }) }),
      );
      expect(violations.filter(({ detail }) => detail.startsWith('could not'))).toEqual([]);
    },
    30_000,
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
