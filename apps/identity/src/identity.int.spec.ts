import { verify } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EnsureAccount, type EnsureAccountRequest, GetAccount } from '@flotilla/contracts/identity';
import { newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { testService } from '@flotilla/testing/service';
import { type Caller, startCaller } from '../test/caller.js';
import { bootstrap } from './bootstrap.js';
import { migrations } from './migrations.js';

let database: TestDatabase;
let nats: TestNats;
let identity: RunningService;
let caller: Caller;
let people = 0;

beforeAll(async () => {
  [database, nats] = await Promise.all([testDatabase(migrations), testNats()]);
  identity = await testService(bootstrap, { database, nats });
  caller = await startCaller(nats.url);
});
afterAll(async () => {
  await caller.close();
  await identity.close();
  await nats.stop();
  await database.drop();
});

const person = (): EnsureAccountRequest => ({
  email: `person-${(people += 1)}@flotilla.example`,
  password: 'correct horse battery',
  firstName: 'Ada',
  lastName: 'Lovelace',
  role: 'staff',
});
const ensure = (request: EnsureAccountRequest) => caller.rpc.call(EnsureAccount, request);

async function rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await database.pool().query<Row>(sql, values)).rows;
}

describe('ensuring an account', () => {
  it('opens one that is there from then on', async () => {
    const request = person();
    const account = await ensure(request);

    expect(account).toMatchObject({ email: request.email, role: 'staff' });
    expect(await caller.rpc.call(GetAccount, { userId: account.id })).toEqual(account);
  });

  it('finds an existing one by its address in any case, and changes nothing of it', async () => {
    const request = person();
    const account = await ensure(request);

    const again = { ...request, email: request.email.toUpperCase(), role: 'admin' as const };
    expect(await ensure({ ...again, password: 'another password' })).toEqual(account);
    const stored = await rows('SELECT 1 FROM accounts WHERE email = $1', [request.email]);
    expect(stored).toHaveLength(1);
  });

  it('opens one account, and tells of it once, however many ask at the same time', async () => {
    const request = person();
    const accounts = await Promise.all(Array.from({ length: 8 }, () => ensure(request)));

    expect(new Set(accounts.map(({ id }) => id)).size).toBe(1);
    const events = await rows('SELECT * FROM events WHERE stream_id = $1', [
      toUuid('usr', accounts[0]!.id),
    ]);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      type: 'user.registered',
      subject: accounts[0]!.id,
      payload: { email: request.email, firstName: 'Ada', lastName: 'Lovelace', role: 'staff' },
    });
  });

  it('stores the password as Argon2id with 19 MiB and two passes, and tells nobody', async () => {
    const request = person();
    const { id } = await ensure(request);
    const [account] = await rows<{ password_hash: string }>(
      'SELECT password_hash FROM accounts WHERE id = $1',
      [toUuid('usr', id)],
    );

    expect(account!.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verify(account!.password_hash, request.password)).toBe(true);
    const leaks = await rows(
      "SELECT 1 FROM events WHERE payload::text LIKE '%argon2%' OR payload::text LIKE '%battery%'",
    );
    expect(leaks).toEqual([]);
  });

  it('refuses what is no address', async () => {
    await expect(ensure({ ...person(), email: 'nobody' })).rejects.toMatchObject({
      code: 'validation-failed',
    });
  });
});

describe('an account that is not there', () => {
  it.each([toId('usr', newUuid()), 'usr_nonsense' as const, toId('ord', newUuid()) as never])(
    'is not found under %s',
    async (userId) => {
      await expect(caller.rpc.call(GetAccount, { userId })).rejects.toMatchObject({
        code: 'not-found',
        message: 'There is no such user.',
      });
    },
  );
});
