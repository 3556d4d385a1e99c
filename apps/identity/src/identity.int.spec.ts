import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor, PERMISSIONS, type Role } from '@flotilla/contracts/actor';
import { isAppError } from '@flotilla/contracts/errors';
import {
  type AccountView,
  ChangeRole,
  DisableUser,
  EnsureAccount,
  type EnsureAccountRequest,
  EraseUser,
  GetAccount,
  RegisterUser,
  type RegisterUserBody,
} from '@flotilla/contracts/identity';
import { type Id, newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import { newUser } from '@flotilla/contracts/users';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { testService } from '@flotilla/testing/service';
import { verify } from '@node-rs/argon2';
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
  const env = { SEALING_KEYS: randomBytes(32).toString('base64url') };
  identity = await testService(bootstrap, { database, nats, env });
  caller = await startCaller(nats.url);
});
afterAll(async () => {
  await caller.close();
  await identity.close();
  await nats.stop();
  await database.drop();
});

const somebody = (): RegisterUserBody => ({
  email: `person-${(people += 1)}@flotilla.example`,
  password: 'correct horse battery',
  firstName: 'Ada',
  lastName: 'Lovelace',
});
const ensure = (request: EnsureAccountRequest) => caller.rpc.call(EnsureAccount, request);
const account = (role: Role) => ensure({ ...somebody(), role });
const get = (userId: Id<'usr'>) => caller.rpc.call(GetAccount, { userId });
const register = (registration: RegisterUserBody, idempotencyKey = newUuid()) =>
  // Fifty passwords are hashed two or three at a time.
  caller.rpc.call(RegisterUser, { idempotencyKey, registration }, { timeoutMs: 20_000 });

async function rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await database.pool().query<Row>(sql, values)).rows;
}

const footprint = async () =>
  (
    await rows(`SELECT (SELECT count(*) FROM accounts) AS accounts, (SELECT count(*) FROM events) AS events,
      (SELECT count(*) FROM idempotency_records) AS answers`)
  )[0];

async function outcomeOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'done';
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.code;
  }
}

describe('registering', () => {
  it('opens the account of a customer, and tells of it', async () => {
    const registration = { ...somebody(), email: ' Ada@Flotilla.Example ' };
    const { answer, replayed } = await register(registration);

    expect(replayed).toBe(false);
    const { firstName, lastName } = registration;
    const email = 'ada@flotilla.example';
    const { id, createdAt } = answer;
    expect(answer).toEqual(newUser({ id, email, firstName, lastName, createdAt }));
    expect(await get(id)).toEqual({
      id,
      email,
      role: 'customer',
      credentialVersion: 1,
      disabled: false,
      createdAt,
    });
    const events = await rows('SELECT * FROM events WHERE stream_id = $1', [toUuid('usr', id)]);
    expect(events).toMatchObject([
      {
        type: 'user.registered',
        version: 1,
        subject: id,
        payload: { email, firstName, lastName, role: 'customer' },
      },
    ]);
  });

  it('gives one address to one of fifty who ask for it at once', async () => {
    const registration = somebody();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => outcomeOf(register(registration))),
    );
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'email-taken')).toHaveLength(49);
    const stored = await rows(
      `SELECT id FROM accounts WHERE email = $1
       UNION ALL SELECT stream_id FROM events WHERE payload->>'email' = $1`,
      [registration.email],
    );
    expect(stored).toHaveLength(2);
  });

  it('writes nothing when it refuses, and says all that is wrong', async () => {
    const taken = somebody();
    await register(taken);
    const before = await footprint();
    await expect(register({ ...taken, email: taken.email.toUpperCase() })).rejects.toMatchObject({
      code: 'email-taken',
    });
    await expect(register({ ...taken, email: 'nobody', password: 'short' })).rejects.toMatchObject({
      code: 'validation-failed',
      details: { errors: [{ pointer: '/email' }, { pointer: '/password' }] },
    });
    await expect(register({ ...somebody(), password: 'QwertyUiop123' })).rejects.toMatchObject({
      details: { errors: [{ pointer: '/password', code: 'common' }] },
    });
    expect(await footprint()).toEqual(before);
  });

  it('stores the password as Argon2id with 19 MiB and two passes, and in no other form', async () => {
    const registration = { ...somebody(), password: 'Ångström units, please' };
    const { answer } = await register(registration);
    const [stored] = await rows<{ password_hash: string }>(
      'SELECT password_hash FROM accounts WHERE id = $1',
      [toUuid('usr', answer.id)],
    );

    expect(stored!.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verify(stored!.password_hash, registration.password.normalize('NFKC'))).toBe(true);
    const leaks = await rows(
      `SELECT 1 FROM events WHERE payload::text ~ 'argon2|Ångström'
       UNION ALL SELECT 1 FROM idempotency_records WHERE answer::text ~ 'argon2|Ångström'`,
    );
    expect(leaks).toEqual([]);
  });

  it('answers a retry as the first time, and refuses its key to another request', async () => {
    const registration = somebody();
    const first = await register(registration, 'again');
    expect(await register(registration, 'again')).toEqual({ ...first, replayed: true });
    for (const change of [
      { email: somebody().email },
      { lastName: 'Byron' },
      { password: 'correct horse battery staple' },
    ]) {
      await expect(register({ ...registration, ...change }, 'again')).rejects.toMatchObject({
        code: 'idempotency-key-reuse',
      });
    }
  });
});

describe('ensuring an account', () => {
  it('opens one that is there from then on', async () => {
    const opened = await account('staff');
    expect(opened.role).toBe('staff');
    expect(await get(opened.id)).toEqual(opened);
  });

  it('finds an existing one by its address in any case, and changes nothing of it', async () => {
    const request = { ...somebody(), role: 'staff' as const };
    const opened = await ensure(request);

    const again = { ...request, email: request.email.toUpperCase(), role: 'admin' as const };
    expect(await ensure({ ...again, password: 'another password' })).toEqual(opened);
  });

  it('opens one account, and tells of it once, however many ask at the same time', async () => {
    const request = { ...somebody(), role: 'staff' as const };
    const accounts = await Promise.all(Array.from({ length: 8 }, () => ensure(request)));

    expect(new Set(accounts.map(({ id }) => id)).size).toBe(1);
    const events = await rows('SELECT 1 FROM events WHERE stream_id = $1', [
      toUuid('usr', accounts[0]!.id),
    ]);
    expect(events).toHaveLength(1);
  });
});

describe('administering', () => {
  let admin: AccountView;
  const actor = (userId: Id<'usr'>, permissions: Actor['permissions']): Actor => ({
    userId,
    mode: 'live',
    permissions,
  });
  const asAdmin = () => ({ actor: actor(admin.id, PERMISSIONS) });
  const changeRole = (userId: Id<'usr'>, role: Role, by = asAdmin()) =>
    caller.rpc.call(ChangeRole, { userId, role }, by);
  const disable = (userId: Id<'usr'>, by = asAdmin()) =>
    caller.rpc.call(DisableUser, { userId }, by);

  beforeAll(async () => {
    admin = await account('admin');
  });

  it('gives roles, and ends what was issued under a higher one', async () => {
    const { id } = await account('customer');
    expect(await changeRole(id, 'staff')).toMatchObject({ role: 'staff', credentialVersion: 1 });
    expect(await changeRole(id, 'customer')).toMatchObject({ credentialVersion: 2 });
    expect(await changeRole(id, 'customer')).toMatchObject({ credentialVersion: 2 });
    const types = await rows(
      'SELECT type, version FROM events WHERE stream_id = $1 ORDER BY version',
      [toUuid('usr', id)],
    );
    expect(types).toEqual([
      { type: 'user.registered', version: 1 },
      { type: 'user.role_changed', version: 2 },
      { type: 'user.role_changed', version: 3 },
    ]);
  });

  it('disables once', async () => {
    const { id } = await account('customer');
    const disabled = await disable(id);
    expect(disabled).toMatchObject({ disabled: true, credentialVersion: 2 });
    expect(await disable(id)).toEqual(disabled);
    const told = await rows('SELECT entry FROM revocations WHERE entry->>$1 = $2', ['id', id]);
    expect(told).toEqual([{ entry: { kind: 'user', id, lowestVersion: 2, disabled: true } }]);
    const audited =
      "SELECT 1 FROM audit.events WHERE account_id = $1 AND type = 'account.disabled'";
    expect(await rows(audited, [toUuid('usr', id)])).toHaveLength(1);
  });

  it('is not there for who may not', async () => {
    const { id } = await account('customer');
    const before = await footprint();
    const self = { actor: actor(id, ['users:read', 'users:write']) };
    const nobody = toId('usr', newUuid());
    for (const asked of [
      () => changeRole(id, 'admin', self),
      () => disable(id, self),
      () => changeRole(nobody, 'admin'),
      () => disable(nobody),
      () => disable('usr_nonsense'),
    ]) {
      await expect(asked()).rejects.toMatchObject({
        code: 'not-found',
        message: 'There is no such user.',
      });
    }
    expect(await footprint()).toEqual(before);
  });

  it('leaves one administrator, even when two take each other’s place at the same time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const other = await account('admin');
      const outcomes = await Promise.all([
        outcomeOf(disable(other.id)),
        outcomeOf(changeRole(admin.id, 'staff', { actor: actor(other.id, PERMISSIONS) })),
      ]);
      expect(outcomes.toSorted()).toEqual(['done', 'illegal-transition']);
      if (outcomes[1] === 'done') admin = other;
    }
  });
});

describe('erasing', () => {
  const self = (userId: Id<'usr'>) => ({
    actor: { userId, mode: 'live', permissions: ['users:write'] } satisfies Actor,
  });
  const erase = (userId: Id<'usr'>, by = self(userId)) =>
    caller.rpc.call(EraseUser, { userId }, by);

  it('leaves nothing in this database that says who it was, and tells the others', async () => {
    const registration = { ...somebody(), firstName: 'Augusta', lastName: 'Unmistakable' };
    const { id } = (await register(registration)).answer;
    expect(await erase(id)).toEqual({ id });

    await expect(get(id)).rejects.toMatchObject({ code: 'not-found' });
    const events = await rows(
      'SELECT type, payload FROM events WHERE stream_id = $1 ORDER BY version',
      [toUuid('usr', id)],
    );
    expect(events).toEqual([
      {
        type: 'user.registered',
        payload: { email: null, firstName: null, lastName: null, role: 'customer' },
      },
      { type: 'user.erased', payload: {} },
    ]);
    const tables = await rows<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    );
    for (const { name } of tables) {
      const left = await rows(`SELECT 1 FROM ${name} AS row WHERE row::text ~ $1`, [
        `${registration.email}|Unmistakable`,
      ]);
      expect([name, left]).toEqual([name, []]);
    }
  });

  it('is oneself’s or an administrator’s to ask for, and happens once', async () => {
    const [one, other] = [await account('customer'), await account('customer')];
    await expect(erase(one.id, self(other.id))).rejects.toMatchObject({ code: 'not-found' });
    expect(await get(one.id)).toEqual(one);
    const admin = {
      actor: { userId: other.id, mode: 'live', permissions: ['users:admin'] } as Actor,
    };
    await caller.rpc.call(EraseUser, { userId: one.id }, admin);
    await expect(caller.rpc.call(EraseUser, { userId: one.id }, admin)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('is refused to the last administrator, and changes nothing then', async () => {
    const [{ id } = { id: '' }] = await rows<{ id: string }>(
      "SELECT id FROM accounts WHERE role = 'admin' AND disabled_at IS NULL",
    );
    const last = toId('usr', id);
    const before = await footprint();
    await expect(erase(last)).rejects.toMatchObject({ code: 'illegal-transition' });
    expect(await footprint()).toEqual(before);
  });
});

describe('an account that is not there', () => {
  it.each([toId('usr', newUuid()), 'usr_nonsense' as const, toId('ord', newUuid()) as never])(
    'is not found under %s',
    async (userId) => {
      await expect(get(userId)).rejects.toMatchObject({
        code: 'not-found',
        message: 'There is no such user.',
      });
    },
  );
});
