import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@flotilla/contracts/actor';
import {
  CreateApiKey,
  type CreateApiKeyBody,
  type CreatedApiKey,
  GetApiKey,
  RevokeApiKey,
} from '@flotilla/contracts/api-keys';
import type { Answered } from '@flotilla/contracts/idempotency';
import { newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import { eventually } from '@flotilla/testing/eventually';
import { type ApiKeysUnderTest, apiKeysUnderTest, BODY } from '../test/api-keys-under-test.js';

let apiKeys: ApiKeysUnderTest;
beforeAll(async () => {
  apiKeys = await apiKeysUnderTest();
});
afterAll(() => apiKeys.close());

const ask = (
  actor: Actor,
  idempotencyKey: string,
  over: Partial<CreateApiKeyBody> = {},
): Promise<Answered<CreatedApiKey>> =>
  apiKeys.identity.rpc.call(
    CreateApiKey,
    { idempotencyKey, apiKey: { ...BODY, ...over } },
    { actor },
  );

async function rows(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await apiKeys.database.pool().query<Record<string, unknown>>(sql, values)).rows;
}

const keysOf = ({ userId }: Actor) =>
  rows('SELECT id FROM api_keys WHERE user_id = $1', [toUuid('usr', userId)]);

describe('creating a key', () => {
  it('answers with a key that authenticates as its owner, with its own mode and permissions', async () => {
    const actor = apiKeys.admin();
    const created = await apiKeys.create(actor, {
      mode: 'test',
      permissions: ['orders:read', 'users:read'],
    });

    expect(created.key).toMatch(/^sk_test_[0-9A-Za-z]{49}$/);
    expect(created.prefix).toBe(created.key.slice(0, 12));
    expect(await apiKeys.recordOf(created.key)).toEqual({
      userId: actor.userId,
      keyId: created.id,
      mode: 'test',
      permissions: ['orders:read', 'users:read'],
      rateLimit: null,
      quota: null,
      allowedIps: null,
      expiresAt: null,
    });
  });

  it('stores the key nowhere, neither in its row nor in its event', async () => {
    const { key, id } = await apiKeys.create(apiKeys.admin());
    const uuid = toUuid('key', id);

    const kept = await rows('SELECT answer::text AS text FROM idempotency_records');
    const stored = await rows('SELECT row_to_json(k)::text AS text FROM api_keys k WHERE id = $1', [
      uuid,
    ]);
    const told = await rows('SELECT payload::text AS text FROM events WHERE stream_id = $1', [
      uuid,
    ]);
    expect(stored).toHaveLength(1);
    expect(told).toHaveLength(1);
    expect(JSON.stringify(kept)).toContain(id);
    expect(JSON.stringify([stored, told, kept])).not.toContain(key.slice(12, 51));
  });

  it('tells of the creation in the same transaction, by the caller, for others to read', async () => {
    const actor = apiKeys.admin();
    const { id, prefix } = await apiKeys.create(actor);

    const [event] = await rows('SELECT * FROM events WHERE stream_id = $1', [toUuid('key', id)]);
    expect(event).toMatchObject({
      type: 'api_key.created',
      version: 1,
      subject: id,
      payload: { name: 'shop', mode: 'live', permissions: ['orders:read'], prefix },
      metadata: { actor: { userId: actor.userId, mode: 'live' } },
    });
    await eventually(async () => {
      const unpublished = await rows('SELECT 1 FROM events WHERE published_at IS NULL');
      return unpublished.length === 0;
    });
  });

  it('never gives more than the caller has', async () => {
    const actor: Actor = { ...apiKeys.admin(), permissions: ['api-keys:write', 'orders:read'] };
    await expect(
      apiKeys.create(actor, { permissions: ['orders:read', 'orders:admin'] }),
    ).rejects.toMatchObject({
      code: 'insufficient-permission',
      details: { permission: 'orders:admin' },
    });
  });

  it('never gives more than the role allows', async () => {
    const actor: Actor = { ...apiKeys.admin(), userId: apiKeys.identity.user('customer') };
    await expect(apiKeys.create(actor, { permissions: ['users:admin'] })).rejects.toMatchObject({
      code: 'insufficient-permission',
      details: { permission: 'users:admin' },
    });
  });

  it('refuses a caller whose account is gone', async () => {
    const actor = apiKeys.admin();
    apiKeys.identity.changeRole(actor.userId, null);
    await expect(apiKeys.create(actor)).rejects.toMatchObject({ code: 'not-found' });
    expect(CreateApiKey.errors).toContain('not-found');
  });

  it('refuses a key that would have expired already', async () => {
    const expiresAt = '2001-01-01T00:00:00Z';
    await expect(apiKeys.create(apiKeys.admin(), { expiresAt })).rejects.toMatchObject({
      code: 'validation-failed',
      details: { errors: [expect.objectContaining({ pointer: '/expiresAt' })] },
    });
  });
});

describe('creating a key twice under one idempotency key', () => {
  it('makes one key and shows it to the first alone, whose answer is given again byte for byte', async () => {
    const actor = apiKeys.admin();
    const { answer, replayed } = await ask(actor, 'first');
    expect(replayed).toBe(false);
    expect(await apiKeys.recordOf(answer.key!)).not.toBeNull();

    const again = await ask(actor, 'first', { permissions: BODY.permissions, name: BODY.name });
    expect(JSON.stringify(again)).toBe(
      JSON.stringify({ answer: { ...answer, key: null }, replayed: true }),
    );
    expect(await keysOf(actor)).toEqual([{ id: toUuid('key', answer.id) }]);
  });

  it('makes one key however many ask at once', async () => {
    const actor = apiKeys.admin();
    const asked = Array.from({ length: 5 }, () => ask(actor, 'at-once'));
    for (const outcome of await Promise.allSettled(asked)) {
      if (outcome.status === 'fulfilled') continue;
      expect(outcome.reason).toMatchObject({ code: 'idempotency-key-in-flight' });
    }
    expect(await keysOf(actor)).toHaveLength(1);
  });

  it('is answered as at first after the key was revoked and the caller lost the permission', async () => {
    const actor = apiKeys.admin();
    const { answer } = await ask(actor, 'lost');
    await apiKeys.identity.rpc.call(RevokeApiKey, { keyId: answer.id }, { actor });

    const poor: Actor = { ...actor, permissions: ['api-keys:write'] };
    expect(await ask(poor, 'lost')).toEqual({ answer: { ...answer, key: null }, replayed: true });
  });

  it('is refused with another body, and another matter for others and in test mode', async () => {
    const actor = apiKeys.admin();
    await ask(actor, 'mine');
    await expect(ask(actor, 'mine', { name: 'other' })).rejects.toMatchObject({
      code: 'idempotency-key-reuse',
    });
    for (const other of [apiKeys.admin(), { ...actor, mode: 'test' as const }]) {
      expect(await ask(other, 'mine', { mode: 'test' })).toMatchObject({ replayed: false });
    }
  });

  it('makes one when the first was refused, and another after 24 hours', async () => {
    const actor = apiKeys.admin();
    const poor: Actor = { ...actor, permissions: ['api-keys:write'] };
    await expect(ask(poor, 'again')).rejects.toMatchObject({ code: 'insufficient-permission' });
    expect(await ask(actor, 'again')).toMatchObject({ replayed: false });
    await rows(`UPDATE idempotency_records SET answered_at = answered_at - interval '24 hours'`);
    expect(await ask(actor, 'again', { name: 'other' })).toMatchObject({ replayed: false });
    expect(await keysOf(actor)).toHaveLength(2);
  });
});

describe('a key', () => {
  it('is read by its owner, and is not there for others', async () => {
    const actor = apiKeys.admin();
    const created = await apiKeys.create(actor, { rateLimit: { limit: 5, windowSeconds: 60 } });
    const view = { ...created, key: undefined };

    expect(await apiKeys.identity.rpc.call(GetApiKey, { keyId: view.id }, { actor })).toEqual(view);
    for (const keyId of [view.id, toId('key', newUuid())]) {
      await expect(
        apiKeys.identity.rpc.call(GetApiKey, { keyId }, { actor: apiKeys.admin() }),
      ).rejects.toMatchObject({ code: 'not-found', message: 'There is no such API key.' });
    }
  });

  it('authenticates nobody once revoked, and is revoked once', async () => {
    const actor = apiKeys.admin();
    const { key, id } = await apiKeys.create(actor);

    const first = await apiKeys.identity.rpc.call(RevokeApiKey, { keyId: id }, { actor });
    expect(await apiKeys.recordOf(key)).toBeNull();
    expect(await apiKeys.identity.rpc.call(RevokeApiKey, { keyId: id }, { actor })).toMatchObject({
      id,
      revokedAt: first.revokedAt,
    });
    expect(first).toMatchObject({ effectiveOn: '0/0' });
    const told = await rows('SELECT type FROM events WHERE stream_id = $1 ORDER BY version', [
      toUuid('key', id),
    ]);
    expect(told.map(({ type }) => type)).toEqual(['api_key.created', 'api_key.revoked']);
  });

  it('is not revoked by others, who are told that it is not there', async () => {
    const { key, id } = await apiKeys.create(apiKeys.admin());
    await expect(
      apiKeys.identity.rpc.call(RevokeApiKey, { keyId: id }, { actor: apiKeys.admin() }),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect(await apiKeys.recordOf(key)).not.toBeNull();
  });

  it('authenticates nobody from the instant it expires', async () => {
    const expiresAt = new Date(Date.now() + 2_000).toISOString();
    const { key } = await apiKeys.create(apiKeys.admin(), { expiresAt });

    expect(await apiKeys.recordOf(key)).not.toBeNull();
    await eventually(async () => (await apiKeys.recordOf(key)) === null);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  });

  it('carries no more than the role of its owner allows now', async () => {
    const actor = apiKeys.admin();
    const { key } = await apiKeys.create(actor, { permissions: ['users:admin', 'orders:read'] });
    apiKeys.identity.changeRole(actor.userId, 'customer');
    expect(await apiKeys.recordOf(key)).toMatchObject({ permissions: ['orders:read'] });
    apiKeys.identity.changeRole(actor.userId, null);
    expect(await apiKeys.recordOf(key)).toBeNull();
  });

  it('is in the revocation feed when it is made and when it is revoked', async () => {
    const actor = apiKeys.admin();
    const { id } = await apiKeys.create(actor);
    await apiKeys.identity.rpc.call(RevokeApiKey, { keyId: id }, { actor });
    await apiKeys.identity.rpc.call(RevokeApiKey, { keyId: id }, { actor });
    const told = await rows(`SELECT entry FROM revocations WHERE entry->>'id' = $1`, [id]);
    expect(told).toEqual([{ entry: { kind: 'api-key', id } }, { entry: { kind: 'api-key', id } }]);
  });

  it('that was never made authenticates nobody', async () => {
    expect(await apiKeys.recordOf('sk_live_nothing')).toBeNull();
  });
});
