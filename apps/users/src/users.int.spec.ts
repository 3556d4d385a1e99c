import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor, Permission } from '@flotilla/contracts/actor';
import { type Id, newUuid, toId } from '@flotilla/contracts/ids';
import { GetProfile, type ProfileView } from '@flotilla/contracts/users';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { eventually } from '@flotilla/testing/eventually';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { testService } from '@flotilla/testing/service';
import { type IdentityStandIn, startIdentity } from '../test/identity-stand-in.js';
import { bootstrap } from './bootstrap.js';
import { migrations } from './migrations.js';

const ADA = { email: 'ada@flotilla.example', firstName: 'Ada', lastName: 'Lovelace' };

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
const profile = (userId: string, by = actor(userId)): Promise<ProfileView> =>
  identity.rpc.call(GetProfile, { userId: userId as Id<'usr'> }, { actor: by });

describe('a profile', () => {
  it('comes about by the registration', async () => {
    const { subject, occurredAt } = await identity.register(ADA);

    expect(await eventually(() => profile(subject))).toEqual({
      id: subject,
      ...ADA,
      displayName: 'Ada Lovelace',
      createdAt: occurredAt,
      updatedAt: occurredAt,
    });
  });

  it('comes about once, however often the registration is heard', async () => {
    const registration = await identity.register(ADA);
    await eventually(() => profile(registration.subject));
    await identity.repeat(registration);
    const later = await identity.register(ADA);
    await eventually(() => profile(later.subject));

    const { rows } = await database.pool().query(
      `SELECT (SELECT count(*)::int FROM profiles WHERE user_id = $1) AS profiles,
         (SELECT count(*)::int FROM dead_letters) AS dead`,
      [registration.streamId],
    );
    expect(rows).toEqual([{ profiles: 1, dead: 0 }]);
  });

  it('is seen by its owner and by users:admin, and is not there for others', async () => {
    const { subject } = await identity.register(ADA);
    await eventually(() => profile(subject));
    const stranger = toId('usr', newUuid());

    expect(await profile(subject, actor(stranger, 'users:admin'))).toMatchObject({ id: subject });
    for (const userId of [subject, toId('usr', newUuid())]) {
      await expect(profile(userId, actor(stranger, 'users:read'))).rejects.toMatchObject({
        code: 'not-found',
        message: 'There is no such user.',
      });
    }
  });
});
