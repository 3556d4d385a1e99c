import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { type IdentityStore, openStore } from '../../test/identity-store.js';
import { migrations } from '../migrations.js';
import { Sealing } from '../sealing.js';
import { OAuthRecords } from './oauth-records.js';

let test: TestDatabase;
let store: IdentityStore;
let records: OAuthRecords;
beforeAll(async () => {
  test = await testDatabase(migrations);
  store = await openStore(test.url);
  records = new OAuthRecords(store.database, new Sealing([randomBytes(32)]), undefined as never);
});
afterAll(async () => {
  await store.close();
  await test.drop();
});

const payload = { kind: 'AuthorizationCode' };
const count = async () =>
  (await test.pool().query<{ count: number }>('SELECT count(*)::int AS count FROM oauth_records'))
    .rows[0]!.count;

it('what has expired is removed in parts, by two who sweep at once too, and nothing else is', async () => {
  await test.pool().query(
    `INSERT INTO oauth_records (model, id_hash, payload, expires_at)
     SELECT 'Interaction', sha256(n::text::bytea), '', now() - interval '1 second' FROM generate_series(1, 2500) AS n`,
  );
  await records.save('AuthorizationCode', 'lives', payload, 60);
  const sweepAll = async () => {
    while (await records.sweep());
  };
  await Promise.all([sweepAll(), sweepAll()]);
  await sweepAll();
  expect(await count()).toBe(1);
  expect(await records.find('AuthorizationCode', 'lives')).toEqual(payload);
});
