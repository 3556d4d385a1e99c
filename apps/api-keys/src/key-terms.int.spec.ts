import { type Actor, type Permission, PERMISSIONS } from '@flotilla/contracts/actor';
import {
  GetKeyUsage,
  type KeyUsage,
  RecordKeyUsage,
  ReturnQuota,
  TakeQuota,
  VerifyKey,
} from '@flotilla/contracts/api-key-usage';
import {
  ChangeApiKey,
  type ChangeApiKeyBody,
  GetApiKey,
  ListApiKeys,
  RevokeApiKey,
  RotateApiKey,
} from '@flotilla/contracts/api-keys';
import { type Id, newUuid, toUuid } from '@flotilla/contracts/ids';
import { eventually } from '@flotilla/testing/eventually';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiKeysUnderTest, apiKeysUnderTest, hashOf } from '../test/api-keys-under-test.js';

let apiKeys: ApiKeysUnderTest;
beforeAll(async () => {
  apiKeys = await apiKeysUnderTest();
});
afterAll(() => apiKeys.close());

const get = (actor: Actor, keyId: Id<'key'>) =>
  apiKeys.identity.rpc.call(GetApiKey, { keyId }, { actor });
const change = (actor: Actor, keyId: Id<'key'>, changes: ChangeApiKeyBody, version?: number) =>
  apiKeys.identity.rpc.call(ChangeApiKey, { keyId, changes, version }, { actor });
const rotate = (actor: Actor, keyId: Id<'key'>, overlapSeconds: number, key = newUuid()) =>
  apiKeys.identity.rpc.call(
    RotateApiKey,
    { keyId, idempotencyKey: key, rotation: { overlapSeconds } },
    { actor },
  );

async function eventsOf(keyId: string): Promise<string[]> {
  const { rows } = await apiKeys.database
    .pool()
    .query<{ type: string }>('SELECT type FROM events WHERE stream_id = $1 ORDER BY version', [
      toUuid('key', keyId),
    ]);
  return rows.map(({ type }) => type);
}

describe('what a key may do', () => {
  const terms = {
    rateLimit: { limit: 5, windowSeconds: 60 },
    quota: { limit: 100, interval: 'month' as const },
    allowedIps: ['203.0.113.0/24', '2001:db8::/32'],
  };

  it('is told to the gateway and to the owner', async () => {
    const actor = apiKeys.admin();
    const created = await apiKeys.create(actor, terms);
    expect(created).toMatchObject({ ...terms, lastUsedAt: null, usageCount: 0, version: 1 });
    expect(await apiKeys.recordOf(created.key)).toMatchObject(terms);
  });

  it('is changed field by field, and null takes a limit away', async () => {
    const actor = apiKeys.admin();
    const { key, id } = await apiKeys.create(actor, terms);
    const changes = { name: 'till', permissions: ['users:read' as const], quota: null };
    const changed = await change(actor, id, { ...changes, allowedIps: null });
    expect(changed).toMatchObject({ ...changes, allowedIps: null, rateLimit: terms.rateLimit });
    expect(await get(actor, id)).toEqual(changed);
    expect(await apiKeys.recordOf(key)).toMatchObject({ permissions: ['users:read'], quota: null });
    expect(await eventsOf(id)).toEqual(['api_key.created', 'api_key.changed']);
  });

  it('is changed only at the version that was seen', async () => {
    const actor = apiKeys.admin();
    const { id } = await apiKeys.create(actor);
    await change(actor, id, { name: 'second' }, 1);
    await expect(change(actor, id, { name: 'third' }, 1)).rejects.toMatchObject({
      code: 'precondition-failed',
    });
  });

  it('never becomes more than its owner may, and not by others nor by test keys', async () => {
    const actor = { ...apiKeys.admin(), permissions: ['api-keys:write', 'orders:read'] as const };
    const { id } = await apiKeys.create(actor);
    await expect(change(actor, id, { permissions: ['users:admin'] })).rejects.toMatchObject({
      code: 'insufficient-permission',
    });
    for (const other of [apiKeys.admin(), { ...actor, mode: 'test' as const }]) {
      await expect(change(other, id, { name: 'mine' })).rejects.toMatchObject({
        code: 'not-found',
      });
      await expect(get(other, id)).rejects.toMatchObject({ code: 'not-found' });
      await expect(rotate(other, id, 0)).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  it('is not loosened by the key itself, by a key that it makes, or by one that it takes over', async () => {
    const { userId } = apiKeys.admin();
    const owner = { userId, mode: 'live' as const, permissions: PERMISSIONS };
    const permissions: Permission[] = ['api-keys:write', 'orders:read'];
    const [narrow, wide] = [
      await apiKeys.create(owner, { permissions, allowedIps: ['203.0.113.0/24'] }),
      await apiKeys.create(owner, { permissions }),
    ];
    const actor = { userId, keyId: narrow.id, mode: 'live' as const, permissions };
    const refused = { code: 'insufficient-permission' };
    await expect(apiKeys.create(actor)).rejects.toMatchObject(refused);
    await expect(apiKeys.create(actor, { allowedIps: ['::/0'] })).rejects.toMatchObject(refused);
    await expect(change(actor, narrow.id, { allowedIps: null })).rejects.toMatchObject(refused);
    await expect(rotate(actor, wide.id, 0)).rejects.toMatchObject(refused);
    const allowedIps = ['203.0.113.7/32'];
    expect(await apiKeys.create(actor, { allowedIps })).toMatchObject({ allowedIps });
    expect(await change(actor, wide.id, { name: 'till' })).toMatchObject({ allowedIps: null });
    expect((await rotate(actor, narrow.id, 0)).answer).toMatchObject({
      allowedIps: ['203.0.113.0/24'],
    });
  });

  it.each(['nonsense', '300.0.0.0/8', '10.0.0.0/33', '2001:db8::/129', '10.0.0.1'])(
    'is not tied to %s, which is no network',
    async (network) => {
      await expect(
        apiKeys.create(apiKeys.admin(), { allowedIps: [network] }),
      ).rejects.toMatchObject({
        code: 'validation-failed',
      });
    },
  );

  it('is not changed any more once the key is revoked', async () => {
    const actor = apiKeys.admin();
    const { id } = await apiKeys.create(actor);
    await apiKeys.identity.rpc.call(RevokeApiKey, { keyId: id }, { actor });
    await expect(change(actor, id, { name: 'late' })).rejects.toMatchObject({
      code: 'illegal-transition',
    });
    await expect(rotate(actor, id, 60)).rejects.toMatchObject({ code: 'illegal-transition' });
  });
});

describe('rotation', () => {
  it('without an overlap ends the old key and begins a new one with the same terms', async () => {
    const actor = apiKeys.admin();
    const old = await apiKeys.create(actor, { quota: { limit: 5, interval: 'day' } });
    const { answer } = await rotate(actor, old.id, 0);
    expect(answer).toMatchObject({
      name: 'shop',
      quota: { limit: 5, interval: 'day' },
      version: 1,
    });
    expect(answer.id).not.toBe(old.id);
    expect(await apiKeys.recordOf(old.key)).toBeNull();
    expect(await apiKeys.recordOf(answer.key!)).toMatchObject({ keyId: answer.id });
    expect(await eventsOf(old.id)).toEqual([
      'api_key.created',
      'api_key.rotated',
      'api_key.revoked',
    ]);
    expect(await eventsOf(answer.id)).toEqual(['api_key.created']);
  });

  it('with an overlap lets both work until it is over', async () => {
    const actor = apiKeys.admin();
    const old = await apiKeys.create(actor);
    const { answer } = await rotate(actor, old.id, 2);
    expect(await apiKeys.recordOf(old.key)).not.toBeNull();
    expect(await apiKeys.recordOf(answer.key!)).not.toBeNull();
    await eventually(async () => (await apiKeys.recordOf(old.key)) === null);
    const { expiresAt } = await get(actor, old.id);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt!));
    expect(await apiKeys.recordOf(answer.key!)).not.toBeNull();
  });

  it('happens once under an idempotency key, and shows the key once', async () => {
    const actor = apiKeys.admin();
    const { id } = await apiKeys.create(actor);
    const first = await rotate(actor, id, 0, 'once');
    const again = await rotate(actor, id, 0, 'once');
    expect(again).toEqual({ answer: { ...first.answer, key: null }, replayed: true });
  });
});

describe('the list of keys', () => {
  it('has all of its owner, newest first, page by page; in test mode the test keys alone', async () => {
    const actor = apiKeys.admin();
    const made: string[] = [];
    for (const mode of ['live', 'test', 'live'] as const)
      made.unshift((await apiKeys.create(actor, { mode })).id);
    const first = await apiKeys.identity.rpc.call(ListApiKeys, { limit: 2 }, { actor });
    expect(first.data.map(({ id }) => id)).toEqual(made.slice(0, 2));
    const cursor = first.nextCursor!;
    const rest = await apiKeys.identity.rpc.call(ListApiKeys, { limit: 2, cursor }, { actor });
    expect(rest).toMatchObject({ data: [{ id: made[2] }], nextCursor: null });
    const tests = await apiKeys.identity.rpc.call(
      ListApiKeys,
      {},
      { actor: { ...actor, mode: 'test' } },
    );
    expect(tests.data.map(({ id }) => id)).toEqual([made[1]]);
  });
});

describe('verifying a key', () => {
  const verify = (actor: Actor, key: string, permission?: Permission) =>
    apiKeys.identity.rpc.call(VerifyKey, { hash: hashOf(key), permission }, { actor });

  it('says what it is good for, or why it is not', async () => {
    const actor = apiKeys.admin();
    const { key, id } = await apiKeys.create(actor);
    const what = { keyId: id, userId: actor.userId, permissions: ['orders:read'], rateLimit: null };
    expect(await verify(actor, key)).toEqual({ valid: true, ...what });
    expect(await verify(actor, key, 'orders:read')).toEqual({ valid: true, ...what });
    expect(await verify(actor, key, 'orders:write')).toMatchObject({
      valid: false,
      reason: 'insufficient-permission',
    });
    await apiKeys.identity.rpc.call(RevokeApiKey, { keyId: id }, { actor });
    expect(await verify(actor, key)).toMatchObject({ valid: false, reason: 'revoked' });
  });

  it('says what the role of the owner leaves of it, and the test world', async () => {
    const actor = apiKeys.admin();
    const { key } = await apiKeys.create(actor, { permissions: ['inventory:read', 'orders:read'] });
    const tried = await apiKeys.create(actor, {
      mode: 'test',
      permissions: ['users:read', 'users:write', 'users:admin', 'oauth-clients:admin'],
    });
    expect(await apiKeys.recordOf(tried.key)).toMatchObject({ permissions: ['users:read'] });
    apiKeys.identity.changeRole(actor.userId, 'customer');
    expect(await apiKeys.recordOf(key)).toMatchObject({ permissions: ['orders:read'] });
    expect(await verify(actor, key, 'inventory:read')).toMatchObject({
      valid: false,
      reason: 'insufficient-permission',
      permissions: ['orders:read'],
    });
  });

  it('knows nothing of keys of others', async () => {
    const { key } = await apiKeys.create(apiKeys.admin());
    expect(await verify(apiKeys.admin(), key)).toEqual({ valid: false, reason: 'unknown' });
  });
});

describe('usage', () => {
  const usage = (keyId: Id<'key'>, hour: string, requests: number): KeyUsage => ({
    keyId,
    hour,
    requests,
    errors: 1,
    rateLimited: 0,
    lastUsedAt: hour.replace(':00:00', ':30:00'),
  });

  it('counts a batch once however often it comes, and adds up by hour, by day and in all', async () => {
    const actor = apiKeys.admin();
    const { id } = await apiKeys.create(actor);
    const [one, two, next] = [
      '2026-03-01T10:00:00Z',
      '2026-03-01T11:00:00Z',
      '2026-03-02T10:00:00Z',
    ];
    const record = (gatewayId: string, batch: number, ...counts: KeyUsage[]) =>
      apiKeys.identity.rpc.call(RecordKeyUsage, { gatewayId, batch, usage: counts });
    const [near, far] = [newUuid(), newUuid()];
    const first = () => record(near, 1, usage(id, one!, 2), usage(id, two!, 3));
    await Promise.all([first(), first(), record(far, 1, usage(id, two!, 10))]);
    await first();
    await record(near, 2, usage(id, next!, 5));

    expect(await get(actor, id)).toMatchObject({
      usageCount: 20,
      lastUsedAt: '2026-03-02T10:30:00.000Z',
    });
    const range = { keyId: id, from: '2026-03-01T00:00:00Z', to: '2026-03-03T00:00:00Z' };
    const read = (granularity: 'hour' | 'day') =>
      apiKeys.identity.rpc.call(GetKeyUsage, { ...range, granularity }, { actor });
    expect((await read('hour')).data).toEqual([
      { start: '2026-03-01T10:00:00.000Z', requests: 2, errors: 1, rateLimited: 0 },
      { start: '2026-03-01T11:00:00.000Z', requests: 13, errors: 2, rateLimited: 0 },
      { start: '2026-03-02T10:00:00.000Z', requests: 5, errors: 1, rateLimited: 0 },
    ]);
    expect((await read('day')).data.map(({ requests }) => requests)).toEqual([15, 5]);
    await expect(
      apiKeys.identity.rpc.call(GetKeyUsage, range, { actor: apiKeys.admin() }),
    ).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('a quota', () => {
  it('is given away to the last unit and not beyond, however many ask at once', async () => {
    const { id: keyId } = await apiKeys.create(apiKeys.admin(), {
      quota: { limit: 50, interval: 'day' },
    });
    let granted = 0;
    const gateway = async (): Promise<void> => {
      for (let request = 0; request < 20; request += 1) {
        const { units } = await apiKeys.identity.rpc.call(TakeQuota, { keyId, units: 1 });
        granted += units;
      }
    };
    await Promise.all(Array.from({ length: 5 }, gateway));
    expect(granted).toBe(50);
  });

  it('takes units back that were not spent, and never below nothing', async () => {
    const { id: keyId } = await apiKeys.create(apiKeys.admin(), {
      quota: { limit: 5, interval: 'month' },
    });
    const { periodStart } = await apiKeys.identity.rpc.call(TakeQuota, { keyId, units: 5 });
    await apiKeys.identity.rpc.call(ReturnQuota, { keyId, periodStart, units: 2 });
    await apiKeys.identity.rpc.call(ReturnQuota, { keyId, periodStart, units: 4 });
    expect((await apiKeys.identity.rpc.call(TakeQuota, { keyId, units: 9 })).units).toBe(2);
  });
});
