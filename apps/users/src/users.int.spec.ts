import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor, Permission } from '@flotilla/contracts/actor';
import {
  AddAddress,
  ChangeAddress,
  GetAddress,
  ListAddresses,
  RemoveAddress,
} from '@flotilla/contracts/addresses';
import { type Id, newUuid, toId } from '@flotilla/contracts/ids';
import type { Operation } from '@flotilla/contracts/operation';
import type { PostalAddress } from '@flotilla/contracts/orders';
import {
  ChangePreferences,
  ChangeProfile,
  FindUsers,
  GetUser,
  ListUsers,
  newUser,
} from '@flotilla/contracts/users';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { eventually } from '@flotilla/testing/eventually';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { testService } from '@flotilla/testing/service';
import { type IdentityStandIn, startIdentity } from '../test/identity-stand-in.js';
import { bootstrap } from './bootstrap.js';
import { migrations } from './migrations.js';

const HOME: PostalAddress = {
  name: 'Ada Lovelace',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
};

let database: TestDatabase;
let nats: TestNats;
let identity: IdentityStandIn;
let users: RunningService;

beforeAll(async () => {
  [database, nats] = await Promise.all([testDatabase(migrations), testNats()]);
  identity = await startIdentity(nats.url);
  users = await testService(bootstrap, { database, nats });
});
afterAll(async () => {
  await users.close();
  await identity.close();
  await nats.stop();
  await database.drop();
});

const actor = (userId: string, ...permissions: Permission[]): Actor => ({
  userId: userId as Id<'usr'>,
  mode: 'live',
  permissions,
});
const stranger = (...permissions: Permission[]) => actor(toId('usr', newUuid()), ...permissions);
const ask = <Request extends object, Response>(
  by: Actor,
  operation: Operation<Request, Response>,
  request: Request,
): Promise<Response> => identity.rpc.call(operation, request, { actor: by });

/** Somebody whose registration users has not heard. */
function somebody(): Actor {
  return actor(identity.store().subject);
}

/** Has users hear of somebody. */
const known = ({ userId }: Actor) => ask(actor(userId), GetUser, { userId });

async function count(sql: string, ...values: unknown[]): Promise<number> {
  const { rows } = await database
    .pool()
    .query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, values);
  return rows[0]!.n;
}

describe('a user', () => {
  it('comes about by the registration, as whoever registered was answered', async () => {
    const { streamId, subject, occurredAt } = await identity.register();
    await eventually(async () => (await count('profiles WHERE user_id = $1', streamId)) === 1);

    const [email, firstName, lastName] = ['ada@flotilla.example', 'Ada', 'Lovelace'];
    expect(await ask(actor(subject), GetUser, { userId: subject as Id<'usr'> })).toEqual(
      newUser({ id: subject as Id<'usr'>, email, firstName, lastName, createdAt: occurredAt }),
    );
  });

  it('is there for who asks before the registration was heard, and comes about once', async () => {
    const registration = identity.store();
    const { subject, streamId } = registration;
    const userId = subject as Id<'usr'>;
    const asked = Array.from({ length: 5 }, () => ask(actor(subject), GetUser, { userId }));
    expect(new Set((await Promise.all(asked)).map(({ id }) => id))).toEqual(new Set([subject]));

    await identity.repeat(registration);
    await identity.repeat(registration);
    const later = await identity.register();
    await eventually(
      async () => (await count('profiles WHERE user_id = $1', later.streamId)) === 1,
    );
    expect(await count('profiles WHERE user_id = $1', streamId)).toBe(1);
    expect(await count('dead_letters')).toBe(0);
  });

  it('is seen by its owner and by users:admin, and is not there for others', async () => {
    const { userId } = somebody();
    expect(await ask(stranger('users:admin'), GetUser, { userId })).toMatchObject({ id: userId });
    const unknown = toId('usr', newUuid());
    for (const asked of [
      () => ask(stranger('users:read'), GetUser, { userId }),
      () => ask(stranger('users:read'), GetUser, { userId: unknown }),
      () => ask(stranger('users:admin'), GetUser, { userId: unknown }),
      () => ask(stranger('users:admin'), GetUser, { userId: 'usr_nonsense' }),
      () => ask(stranger('users:write'), ChangeProfile, { userId, changes: { firstName: 'Eve' } }),
      () =>
        ask(stranger('users:write'), ChangePreferences, { userId, changes: { currency: 'USD' } }),
    ]) {
      await expect(asked()).rejects.toMatchObject({
        code: 'not-found',
        message: 'There is no such user.',
      });
    }
  });

  it('changes at the version that it is wanted at, and only then', async () => {
    const me = somebody();
    const { userId } = me;
    const changed = await ask(me, ChangeProfile, {
      userId,
      version: 1,
      changes: { lastName: 'King' },
    });
    expect(changed).toMatchObject({ lastName: 'King', displayName: 'Ada King', version: 2 });
    const preferring = await ask(me, ChangePreferences, {
      userId,
      version: 2,
      changes: { locale: 'en-gb', emailOrderUpdates: false },
    });
    expect(preferring).toMatchObject({
      lastName: 'King',
      preferences: { locale: 'en-GB', currency: 'EUR', timezone: 'UTC', emailOrderUpdates: false },
      version: 3,
    });
    await expect(
      ask(me, ChangeProfile, { userId, version: 2, changes: { lastName: 'Byron' } }),
    ).rejects.toMatchObject({ code: 'precondition-failed' });
    await expect(
      ask(me, ChangePreferences, { userId, changes: { currency: 'XYZ', locale: 'de' } }),
    ).rejects.toMatchObject({ code: 'validation-failed' });
    expect(await ask(me, GetUser, { userId })).toEqual(preferring);
  });
});

describe('an erased user', () => {
  it('is not there any more, and nothing is left', async () => {
    const { subject, streamId } = await identity.register({ lastName: 'Unmistakable' });
    const me = actor(subject);
    const address = { ...HOME, name: 'Ada Unmistakable' };
    await ask(me, AddAddress, { idempotencyKey: 'home', address });
    await known(me);
    await identity.tell(me.userId, 'user.erased', {});
    await eventually(async () => (await count('erased_users WHERE user_id = $1', streamId)) === 1);

    await expect(known(me)).rejects.toMatchObject({ code: 'not-found' });
    for (const table of ['profiles', 'addresses', 'idempotency_records', 'events']) {
      const left = await count(`${table} AS row WHERE row::text ~ 'Unmistakable'`);
      expect([table, left]).toEqual([table, 0]);
    }
  });

  it('does not come back when the registration is heard late, blanked as it is by then', async () => {
    const blank = { email: null, firstName: null, lastName: null };
    const { subject, streamId } = identity.store(blank);
    await identity.tell(subject as Id<'usr'>, 'user.erased', {});
    await eventually(async () => (await count('erased_users WHERE user_id = $1', streamId)) === 1);
    expect(await count('profiles WHERE user_id = $1', streamId)).toBe(0);
    expect(await count('dead_letters')).toBe(0);
  });
});

describe('many users', () => {
  it('are found at once, those whom the caller may see', async () => {
    const [one, other] = [somebody(), somebody()];
    for (const me of [one, other]) await known(me);
    const userIds = [one.userId, other.userId, toId('usr', newUuid()), 'usr_nonsense' as const];
    const found = async (by: Actor) =>
      (await ask(by, FindUsers, { userIds })).data.map(({ id }) => id).toSorted();
    expect(await found(stranger('users:admin'))).toEqual([one.userId, other.userId].toSorted());
    expect(await found(one)).toEqual([one.userId]);
    expect(await found(stranger('users:read'))).toEqual([]);
    await expect(
      ask(one, FindUsers, { userIds: Array.from({ length: 101 }, () => one.userId) }),
    ).rejects.toMatchObject({ code: 'validation-failed' });
  });

  it('are listed newest first, page by page, and stay so while more come', async () => {
    const admin = stranger('users:admin');
    const people = [];
    for (let n = 0; n < 5; n += 1) {
      const me = somebody();
      await known(me);
      people.unshift(me.userId);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await ask(admin, ListUsers, { limit: 2, ...(cursor && { cursor }) });
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
      const newcomer = somebody();
      await known(newcomer);
    } while (cursor);
    expect(seen.slice(0, 5)).toEqual(people);
    expect(new Set(seen).size).toBe(seen.length);

    const { subject } = identity.store({ email: 'grace@flotilla.example' });
    const userId = subject as Id<'usr'>;
    await ask(actor(subject), GetUser, { userId });
    const byEmail = await ask(admin, ListUsers, { email: ' Grace@Flotilla.example' });
    expect(byEmail).toMatchObject({ data: [{ id: userId }], nextCursor: null });

    await expect(ask(admin, ListUsers, { cursor: 'nonsense' })).rejects.toMatchObject({
      code: 'validation-failed',
      details: { errors: [{ pointer: '/cursor' }] },
    });
    await expect(ask(stranger('users:read'), ListUsers, {})).rejects.toMatchObject({
      code: 'insufficient-permission',
      details: { permission: 'users:admin' },
    });
  });
});

describe('addresses', () => {
  const add = (by: Actor, address = HOME, idempotencyKey = newUuid()) =>
    ask(by, AddAddress, { idempotencyKey, address });

  it('are kept, changed and removed at the version they are wanted at', async () => {
    const me = somebody();
    const { answer: home } = await add(me);
    expect(home).toMatchObject({ ...HOME, line2: null, region: null, version: 1 });
    expect(await ask(me, GetAddress, { addressId: home.id })).toEqual(home);

    const addressId = home.id;
    const flat = await ask(me, ChangeAddress, {
      addressId,
      version: 1,
      changes: { line2: 'Flat 2' },
    });
    expect(flat).toMatchObject({ ...HOME, line2: 'Flat 2', version: 2 });
    const stale = { addressId, version: 1 };
    for (const refused of [
      () => ask(me, ChangeAddress, { ...stale, changes: { city: 'Paris' } }),
      () => ask(me, RemoveAddress, stale),
    ]) {
      await expect(refused()).rejects.toMatchObject({ code: 'precondition-failed' });
    }
    expect(await ask(me, GetAddress, { addressId })).toEqual(flat);

    expect(await ask(me, RemoveAddress, { addressId, version: 2 })).toEqual({ id: addressId });
    await expect(ask(me, GetAddress, { addressId })).rejects.toMatchObject({
      code: 'not-found',
      message: 'There is no such address.',
    });
  });

  it('are added once per key, and listed newest first', async () => {
    const me = somebody();
    const first = await add(me, HOME, 'home');
    expect(await add(me, HOME, 'home')).toEqual({ ...first, replayed: true });
    await expect(add(me, { ...HOME, city: 'Paris' }, 'home')).rejects.toMatchObject({
      code: 'idempotency-key-reuse',
    });
    const { answer: second } = await add(me, { ...HOME, region: 'Greater London' });
    const page = await ask(me, ListAddresses, { limit: 1 });
    expect(page.data).toEqual([second]);
    const rest = await ask(me, ListAddresses, { cursor: page.nextCursor! });
    expect(rest).toEqual({ data: [first.answer], nextCursor: null });
  });

  it('of others are not there, not even for users:admin', async () => {
    const { answer } = await add(somebody());
    const by = stranger('users:admin', 'users:read', 'users:write');
    for (const addressId of [answer.id, toId('adr', newUuid()), 'adr_nonsense' as const]) {
      for (const asked of [
        () => ask(by, GetAddress, { addressId }),
        () => ask(by, ChangeAddress, { addressId, changes: { city: 'Paris' } }),
        () => ask(by, RemoveAddress, { addressId }),
      ]) {
        await expect(asked()).rejects.toMatchObject({
          code: 'not-found',
          message: 'There is no such address.',
        });
      }
    }
    expect((await ask(by, ListAddresses, {})).data).toEqual([]);
  });

  it.each([
    ['a country that there is not', { country: 'XX' }],
    ['a country in lower case', { country: 'gb' }],
    ['a blank name', { name: ' ' }],
    ['a line that is too long', { line1: 'x'.repeat(201) }],
    ['a field that there is not', { planet: 'Earth' }],
  ])('are refused for %s, and nothing is written', async (_, wrong) => {
    const me = somebody();
    await expect(add(me, { ...HOME, ...wrong })).rejects.toMatchObject({
      code: 'validation-failed',
    });
    expect((await ask(me, ListAddresses, {})).data).toEqual([]);
  });
});

describe('what others hear', () => {
  it('is that somebody changed, once for each change and when all is erased, and nothing of what', async () => {
    const ada = somebody();
    await known(ada);
    const { userId } = ada;
    await ask(ada, ChangeProfile, { userId, changes: { firstName: 'Augusta' } });
    await ask(ada, ChangeProfile, { userId, changes: { firstName: 'Augusta' } });
    await ask(ada, ChangePreferences, { userId, changes: { locale: 'ko' } });

    const told = () =>
      database.pool().query<{ version: number; type: string; payload: object }>(
        `SELECT version, type, payload FROM events WHERE subject = $1 AND published_at IS NOT NULL
         ORDER BY version`,
        [userId],
      );
    const changed = (version: number) => ({ version, type: 'user.changed', payload: {} });
    await eventually(async () => expect((await told()).rows).toEqual([1, 2].map(changed)));
  });
});
