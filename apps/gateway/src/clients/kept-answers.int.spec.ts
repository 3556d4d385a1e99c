import { notFound } from '@flotilla/contracts/errors';
import { newUuid, toId } from '@flotilla/contracts/ids';
import {
  ChangePreferences,
  ChangeProfile,
  GetUser,
  newUser,
  type UserView,
} from '@flotilla/contracts/users';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { eventually } from '@flotilla/testing/eventually';
import { testRedis, type TestRedis } from '@flotilla/testing/redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type GatewayUnderTest,
  gatewayUnderTest,
  UNLIMITED,
} from '../../test/gateway-under-test.js';
import { bootstrap } from '../bootstrap.js';

let redis: TestRedis;
let gateway: GatewayUnderTest;
let other: RunningService;
/** What users has, by id. */
const users = new Map<string, UserView>();
let asked = 0;
let heldUp: Promise<unknown> | undefined;

beforeAll(async () => {
  redis = await testRedis();
  // Patient: a machine that has ten times as much to do is no Redis that is away.
  const env = {
    ...UNLIMITED,
    REDIS_URL: redis.url,
    REDIS_SILENCE_MS: '5000',
    // Longer than any test: only an event can end what is kept.
    CACHE_MS: '3600000',
  };
  gateway = await gatewayUnderTest(env);
  const { services, nats } = gateway;
  other = await bootstrap({ ...env, NATS_URL: nats.url, PORT: '0', LOG_LEVEL: 'silent' });
  await eventually(async () => (await fetch(`http://127.0.0.1:${other.port}/readyz`)).ok);
  await services.answer(GetUser, async ({ userId }, { actor }) => {
    asked += 1;
    const user = users.get(userId);
    const isVisible = actor?.userId === userId || actor?.permissions.includes('users:admin');
    await heldUp;
    if (!user || !isVisible) throw notFound('user');
    return user;
  });
  await services.answer(ChangeProfile, ({ userId, changes }) => change(userId, changes));
  await services.answer(ChangePreferences, ({ userId, changes }) => {
    const { preferences } = users.get(userId)!;
    return change(userId, { preferences: { ...preferences, ...changes } });
  });
});
beforeEach(() => (heldUp = undefined));
afterAll(async () => {
  await other.close();
  await gateway.close();
  await redis.stop();
});

function change(userId: string, changes: Partial<UserView>): UserView {
  const before = users.get(userId)!;
  const after = { ...before, ...changes, version: before.version + 1 };
  users.set(userId, after);
  return after;
}

/** Somebody with a key of one's own. */
function somebody(firstName = 'Ada'): { id: UserView['id']; key: string } {
  const id = toId('usr', newUuid());
  const createdAt = '2026-01-02T03:04:05.678Z';
  users.set(
    id,
    newUser({ id, email: `${id}@example.com`, firstName, lastName: 'Kept', createdAt }),
  );
  return { id, key: gateway.key({ userId: id, permissions: ['users:read', 'users:write'] }) };
}

/** An answer; a machine that has ten times as much to do may need more than one attempt. */
const at = (url: string, path: string, key: string, init: RequestInit = {}) =>
  eventually(async () => {
    const headers = { ...init.headers, 'x-api-key': key, 'content-type': 'application/json' };
    const answer = await fetch(url + path, { ...init, headers });
    return ![503, 504].includes(answer.status) && answer;
  });
const otherUrl = () => `http://127.0.0.1:${other.port}`;
const nameAt = async (url: string, key: string) => {
  const { profile } = (await (await at(url, '/api/v2/users/me', key)).json()) as {
    profile: { firstName: string };
  };
  return profile.firstName;
};
const rename = (key: string, firstName: string, headers = {}) =>
  at(gateway.url, '/api/v2/users/me', key, {
    method: 'PATCH',
    body: JSON.stringify({ firstName }),
    headers,
  });
/** As users does when the change has committed. */
const tell = (id: string) =>
  gateway.services.publish('events.users.user.changed', { type: 'user.changed', subject: id });

describe('a profile', () => {
  it('is asked for once, for all gateways and versions', async () => {
    const { key } = somebody();
    await nameAt(gateway.url, key);
    const before = asked;

    expect(await nameAt(gateway.url, key)).toBe('Ada');
    expect((await at(gateway.url, '/api/v1/users/me', key)).status).toBe(200);
    expect((await at(gateway.url, '/api/v2/users/me/preferences', key)).status).toBe(200);
    expect(await nameAt(otherUrl(), key)).toBe('Ada');

    expect(asked).toBe(before);
  });

  it('is new to whoever was answered that it is, and so is its tag', async () => {
    const { key } = somebody();
    const old = (await at(gateway.url, '/api/v2/users/me', key)).headers.get('etag')!;

    const changed = await rename(key, 'Grace', { 'if-match': old });

    expect(changed.status).toBe(200);
    const now = await at(gateway.url, '/api/v2/users/me', key, {
      headers: { 'if-none-match': old },
    });
    expect(now.status).toBe(200);
    expect(now.headers.get('etag')).toBe(changed.headers.get('etag'));
    const again = { 'if-none-match': now.headers.get('etag')! };
    expect((await at(gateway.url, '/api/v2/users/me', key, { headers: again })).status).toBe(304);
    expect((await rename(key, 'Joan', { 'if-match': old })).status).toBe(412);
  });

  it('is new to all gateways within 200 ms of the event, and always before its time is up', async () => {
    const { id, key } = somebody();
    let round = 0;
    // Until it is: the machine may have something else to do for a while.
    await eventually(async () => {
      const before = await nameAt(gateway.url, key);
      expect(await nameAt(otherUrl(), key)).toBe(before);
      const firstName = `Name ${(round += 1)}`;
      // By nobody who tells gateways of it.
      change(id, { firstName });
      const told = performance.now();
      await tell(id);
      for (const url of [gateway.url, otherUrl()]) {
        await eventually(async () => (await nameAt(url, key)) === firstName, { everyMs: 1 });
      }
      return performance.now() - told < 200;
    });
  });

  it('is held against If-Match as it is, also by a gateway that was not told yet', async () => {
    const { id, key } = somebody();
    await nameAt(gateway.url, key);
    change(id, { firstName: 'Unheard' });
    const seen = await at(gateway.url, '/api/v2/users/me', key);
    expect(((await seen.json()) as { profile: object }).profile).toMatchObject({
      firstName: 'Ada',
    });

    const stale = { 'if-match': seen.headers.get('etag')! };

    expect((await rename(key, 'Lost', stale)).status).toBe(412);
    expect(users.get(id)!.firstName).toBe('Unheard');
  });

  it('is not what it was before, when that arrives late', async () => {
    const { key } = somebody();
    let arrive = () => {};
    heldUp = new Promise<void>((resolve) => (arrive = resolve));
    const before = asked;
    const late = nameAt(gateway.url, key);
    await eventually(() => asked > before);
    heldUp = undefined;

    expect((await rename(key, 'Grace')).status).toBe(200);
    arrive();

    expect(await late).toBe('Ada');
    expect(await nameAt(gateway.url, key)).toBe('Grace');
    expect(await nameAt(otherUrl(), key)).toBe('Grace');
  });

  it('is that of nobody else, however much it is asked for', async () => {
    const people = Array.from({ length: 20 }, (_, index) => ({
      name: `Person ${index}`,
      ...somebody(`Person ${index}`),
    }));
    const admin = gateway.key({ permissions: ['users:admin'] });
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(
        people.map(async ({ id, key, name }, index) => {
          expect(await nameAt(round === 1 ? otherUrl() : gateway.url, key)).toBe(name);
          const neighbour = people[(index + 1) % people.length]!;
          const foreign = await at(gateway.url, `/api/v2/users/${id}`, neighbour.key);
          expect(foreign.status).toBe(404);
          expect((await at(gateway.url, `/api/v2/users/${id}`, admin)).status).toBe(200);
        }),
      );
    }
  });

  it('is found when Redis is gone', async () => {
    const { id, key } = somebody();
    await nameAt(gateway.url, key);
    await redis.kill();
    try {
      expect(await nameAt(gateway.url, key)).toBe('Ada');
      expect((await rename(key, 'Grace')).status).toBe(200);
      expect(await nameAt(gateway.url, key)).toBe('Grace');
      await tell(id);
      await eventually(async () => (await nameAt(otherUrl(), key)) === 'Grace');
    } finally {
      await redis.restart();
    }
    expect(await nameAt(gateway.url, key)).toBe('Grace');
    expect(await nameAt(otherUrl(), key)).toBe('Grace');
  });
});
