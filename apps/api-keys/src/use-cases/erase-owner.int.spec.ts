import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Actor, PERMISSIONS } from '@flotilla/contracts/actor';
import { CreateApiKey, RevokeApiKey } from '@flotilla/contracts/api-keys';
import { newUuid, toUuid } from '@flotilla/contracts/ids';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { eventually } from '@flotilla/testing/eventually';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { testService } from '@flotilla/testing/service';
import { type IdentityStandIn, startIdentity } from '../../test/identity-stand-in.js';
import { bootstrap } from '../bootstrap.js';
import { migrations } from '../migrations.js';

let database: TestDatabase;
let nats: TestNats;
let identity: IdentityStandIn;
let apiKeys: RunningService;

beforeAll(async () => {
  [database, nats] = await Promise.all([testDatabase(migrations), testNats()]);
  apiKeys = await testService(bootstrap, { database, nats });
  identity = await startIdentity(nats.url);
});
afterAll(async () => {
  await identity.close();
  await apiKeys.close();
  await nats.stop();
  await database.drop();
});

const someone = (): Actor => ({
  userId: identity.user('staff'),
  mode: 'live',
  permissions: PERMISSIONS,
});

async function makeKey(actor: Actor) {
  const apiKey = {
    name: 'Ada’s telephone',
    mode: 'live' as const,
    permissions: ['orders:read' as const],
    allowedIps: ['203.0.113.9/32'],
  };
  const request = { idempotencyKey: newUuid(), apiKey };
  return (await identity.rpc.call(CreateApiKey, request, { actor, timeoutMs: 10_000 })).answer;
}

async function rows(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await database.pool().query<Record<string, unknown>>(sql, values)).rows;
}

const endings = async (id: string) =>
  (
    await rows("SELECT 1 FROM events WHERE stream_id = $1 AND type = 'api_key.revoked'", [
      toUuid('key', id),
    ])
  ).length;
const keysOf = ({ userId }: Actor) =>
  rows(
    `SELECT revoked_at IS NOT NULL AS revoked, name, allowed_ips FROM api_keys WHERE user_id = $1`,
    [toUuid('usr', userId)],
  );

it('the keys of somebody who was erased are revoked, once, and say nothing of the person any more', async () => {
  const [ada, other] = [someone(), someone()];
  const [first, second, before] = [await makeKey(ada), await makeKey(ada), await makeKey(ada)];
  await makeKey(other);
  await identity.rpc.call(RevokeApiKey, { keyId: before.id }, { actor: ada, timeoutMs: 10_000 });

  await identity.erase(ada.userId);
  await eventually(async () => (await keysOf(ada)).every(({ revoked }) => revoked), {
    timeoutMs: 20_000,
  });
  await identity.erase(ada.userId);
  const gone = { revoked: true, name: '', allowed_ips: null };
  expect(await keysOf(ada)).toEqual([gone, gone, gone]);
  expect(await Promise.all([first, second, before].map(({ id }) => endings(id)))).toEqual([
    1, 1, 1,
  ]);
  expect(await keysOf(other)).toMatchObject([{ revoked: false, name: 'Ada’s telephone' }]);
  const told = await rows("SELECT 1 FROM events WHERE payload::text LIKE '%telephone%'");
  expect(told).toHaveLength(1);
  const kept = await rows(
    "SELECT principal FROM idempotency_records WHERE answer::text LIKE '%telephone%'",
  );
  expect(kept).toEqual([{ principal: `live:${other.userId}` }]);
});

it('a key that is being made while its owner is erased is refused, or revoked with the others', async () => {
  const [early, late] = [0, 1].map(() => Array.from({ length: 10 }, someone)) as [Actor[], Actor[]];
  const people = [...early, ...late];
  const release = identity.holdAnswers();
  const making = Promise.allSettled(people.flatMap((one) => [makeKey(one), makeKey(one)]));
  await eventually(() => identity.held() === 2 * people.length);
  const heard = async (some: Actor[]) => {
    const ids = some.map(({ userId }) => toUuid('usr', userId));
    const erased = await rows('SELECT 1 FROM erased_owners WHERE user_id = ANY($1)', [ids]);
    return erased.length === some.length;
  };

  await Promise.all(early.map(({ userId }) => identity.erase(userId)));
  await eventually(() => heard(early), { timeoutMs: 20_000 });
  const erasing = late.map(({ userId }) => identity.erase(userId));
  release();
  await Promise.all(erasing);
  await making;
  await eventually(() => heard(late), { timeoutMs: 20_000 });

  expect(await Promise.all(early.map(keysOf))).toEqual(early.map(() => []));
  const left = (await Promise.all(late.map(keysOf))).flat();
  expect(left.filter(({ revoked, name }) => !revoked || name !== '')).toEqual([]);
});
