import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { type IdentityStore, openStore } from '../../test/identity-store.js';
import { AuditLog } from '../audit/audit-log.js';
import { identityConfig } from '../config.js';
import { migrations } from '../migrations.js';
import { Sealing } from '../sealing.js';
import { SigningKeys } from './signing-keys.js';

const LEAD_MS = 60_000;

let test: TestDatabase;
let store: IdentityStore;
let keys: SigningKeys;
beforeAll(async () => {
  test = await testDatabase(migrations);
  store = await openStore(test.url);
  const sealingKey = randomBytes(32);
  const config = identityConfig({
    DATABASE_URL: test.url,
    NATS_URL: 'nats://127.0.0.1:1',
    SEALING_KEYS: sealingKey.toString('base64url'),
    SIGNING_KEY_DAYS: '30',
    SIGNING_KEY_LEAD_MS: String(LEAD_MS),
  });
  const audit = new AuditLog(store.database, store.clock);
  keys = new SigningKeys(store.database, new Sealing([sealingKey]), audit, config);
});
afterAll(async () => {
  await store.close();
  await test.drop();
});

const kids = async () => (await keys.published()).map(({ kid }) => kid);
const pass = (days: number) =>
  test.pool().query(
    `UPDATE signing_keys SET created_at = created_at - make_interval(days => $1),
       signs_from = signs_from - make_interval(days => $1)`,
    [days],
  );

it('a key gets a successor after 30 days, which is published before it signs; it goes 14 days after that', async () => {
  await Promise.all([keys.keepFresh(), keys.keepFresh()]);
  const [first, ...none] = await kids();
  expect(none).toEqual([]);
  await pass(29);
  await keys.keepFresh();
  expect(await kids()).toEqual([first]);

  await pass(2);
  await Promise.all([keys.keepFresh(), keys.keepFresh()]);
  const [signing, second, ...more] = await kids();
  expect([signing, more]).toEqual([first, []]);
  // Nobody's sign of its own: the fleet does it by itself.
  const told = await test.pool().query<{ actor: string }>('SELECT actor FROM audit.events');
  expect(told.rows.map(({ actor }) => actor)).toEqual(['system', 'system']);

  await pass(1);
  expect(await kids()).toEqual([second, first]);
  await pass(12);
  await keys.keepFresh();
  expect(await kids()).toEqual([second, first]);
  await pass(2);
  await keys.keepFresh();
  expect(await kids()).toEqual([second]);
});
