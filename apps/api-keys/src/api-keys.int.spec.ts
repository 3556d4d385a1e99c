import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor, PERMISSIONS } from '@flotilla/contracts/actor';
import {
  AuthenticateKey,
  CreateApiKey,
  type CreateApiKeyBody,
  type CreatedApiKey,
  GetApiKey,
  RevokeApiKey,
} from '@flotilla/contracts/api-keys';
import type { Answered } from '@flotilla/contracts/idempotency';
import { newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { eventually } from '@flotilla/testing/eventually';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { testService } from '@flotilla/testing/service';
import { type IdentityStandIn, startIdentity } from '../test/identity-stand-in.js';
import { bootstrap } from './bootstrap.js';
import { migrations } from './migrations.js';

const BODY: CreateApiKeyBody = { name: 'shop', mode: 'live', permissions: ['orders:read'] };

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

const admin = (): Actor => ({
  userId: identity.user('admin'),
  mode: 'live',
  permissions: PERMISSIONS,
});
const ask = (
  actor: Actor,
  idempotencyKey: string,
  over: Partial<CreateApiKeyBody> = {},
): Promise<Answered<CreatedApiKey>> =>
  identity.rpc.call(CreateApiKey, { idempotencyKey, apiKey: { ...BODY, ...over } }, { actor });
const create = async (actor: Actor, over: Partial<CreateApiKeyBody> = {}) => {
  const { answer } = await ask(actor, newUuid(), over);
  return { ...answer, key: answer.key! };
};
const authenticate = (key: string) => {
  const hash = createHash('sha256').update(key).digest('hex');
  return identity.rpc.call(AuthenticateKey, { hash });
};

async function rows(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await database.pool().query<Record<string, unknown>>(sql, values)).rows;
}

const keysOf = ({ userId }: Actor) =>
  rows('SELECT id FROM api_keys WHERE user_id = $1', [toUuid('usr', userId)]);

describe('creating a key', () => {
  it('answers with a key that authenticates as its owner, with its own mode and permissions', async () => {
    const actor = admin();
    const created = await create(actor, {
      mode: 'test',
      permissions: ['orders:read', 'users:read'],
    });

    expect(created.key).toMatch(/^sk_test_[0-9A-Za-z]{49}$/);
    expect(created.prefix).toBe(created.key.slice(0, 12));
    expect(await authenticate(created.key)).toEqual({
      actor: {
        userId: actor.userId,
        keyId: created.id,
        mode: 'test',
        permissions: ['orders:read', 'users:read'],
      },
    });
  });

  it('stores the key nowhere, neither in its row nor in its event', async () => {
    const { key, id } = await create(admin());
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
    const actor = admin();
    const { id, prefix } = await create(actor);

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
    const actor: Actor = { ...admin(), permissions: ['api-keys:write', 'orders:read'] };
    await expect(
      create(actor, { permissions: ['orders:read', 'orders:admin'] }),
    ).rejects.toMatchObject({
      code: 'insufficient-permission',
      details: { permission: 'orders:admin' },
    });
  });

  it('never gives more than the role allows', async () => {
    const actor: Actor = { ...admin(), userId: identity.user('customer') };
    await expect(create(actor, { permissions: ['users:admin'] })).rejects.toMatchObject({
      code: 'insufficient-permission',
      details: { permission: 'users:admin' },
    });
  });

  it('refuses a key that would have expired already', async () => {
    const expiresAt = '2001-01-01T00:00:00Z';
    await expect(create(admin(), { expiresAt })).rejects.toMatchObject({
      code: 'validation-failed',
      details: { errors: [expect.objectContaining({ pointer: '/expiresAt' })] },
    });
  });
});

describe('creating a key twice under one idempotency key', () => {
  it('makes one key and shows it to the first alone, whose answer is given again byte for byte', async () => {
    const actor = admin();
    const { answer, replayed } = await ask(actor, 'first');
    expect(replayed).toBe(false);
    expect((await authenticate(answer.key!)).actor).not.toBeNull();

    const again = await ask(actor, 'first', { permissions: BODY.permissions, name: BODY.name });
    expect(JSON.stringify(again)).toBe(
      JSON.stringify({ answer: { ...answer, key: null }, replayed: true }),
    );
    expect(await keysOf(actor)).toEqual([{ id: toUuid('key', answer.id) }]);
  });

  it('makes one key however many ask at once', async () => {
    const actor = admin();
    const asked = Array.from({ length: 5 }, () => ask(actor, 'at-once'));
    for (const outcome of await Promise.allSettled(asked)) {
      if (outcome.status === 'fulfilled') continue;
      expect(outcome.reason).toMatchObject({ code: 'idempotency-key-in-flight' });
    }
    expect(await keysOf(actor)).toHaveLength(1);
  });

  it('is answered as at first after the key was revoked and the caller lost the permission', async () => {
    const actor = admin();
    const { answer } = await ask(actor, 'lost');
    await identity.rpc.call(RevokeApiKey, { keyId: answer.id }, { actor });

    const poor: Actor = { ...actor, permissions: ['api-keys:write'] };
    expect(await ask(poor, 'lost')).toEqual({ answer: { ...answer, key: null }, replayed: true });
  });

  it('is refused with another body, and another matter for others and in test mode', async () => {
    const actor = admin();
    await ask(actor, 'mine');
    await expect(ask(actor, 'mine', { name: 'other' })).rejects.toMatchObject({
      code: 'idempotency-key-reuse',
    });
    for (const other of [admin(), { ...actor, mode: 'test' as const }]) {
      expect(await ask(other, 'mine', { mode: 'test' })).toMatchObject({ replayed: false });
    }
  });

  it('makes one when the first was refused, and another after 24 hours', async () => {
    const actor = admin();
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
    const actor = admin();
    const created = await create(actor, { rateLimit: { limit: 5, windowSeconds: 60 } });
    const view = { ...created, key: undefined };

    expect(await identity.rpc.call(GetApiKey, { keyId: view.id }, { actor })).toEqual(view);
    for (const keyId of [view.id, toId('key', newUuid())]) {
      await expect(
        identity.rpc.call(GetApiKey, { keyId }, { actor: admin() }),
      ).rejects.toMatchObject({ code: 'not-found', message: 'There is no such API key.' });
    }
  });

  it('authenticates nobody once revoked, and is revoked once', async () => {
    const actor = admin();
    const { key, id } = await create(actor);

    const first = await identity.rpc.call(RevokeApiKey, { keyId: id }, { actor });
    expect(await authenticate(key)).toEqual({ actor: null });
    expect(await identity.rpc.call(RevokeApiKey, { keyId: id }, { actor })).toEqual(first);
    const told = await rows('SELECT type FROM events WHERE stream_id = $1 ORDER BY version', [
      toUuid('key', id),
    ]);
    expect(told.map(({ type }) => type)).toEqual(['api_key.created', 'api_key.revoked']);
  });

  it('is not revoked by others, who are told that it is not there', async () => {
    const { key, id } = await create(admin());
    await expect(
      identity.rpc.call(RevokeApiKey, { keyId: id }, { actor: admin() }),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect((await authenticate(key)).actor).not.toBeNull();
  });

  it('authenticates nobody from the instant it expires', async () => {
    const expiresAt = new Date(Date.now() + 700).toISOString();
    const { key } = await create(admin(), { expiresAt });

    expect((await authenticate(key)).actor).not.toBeNull();
    await eventually(async () => (await authenticate(key)).actor === null);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  });

  it('that was never made authenticates nobody', async () => {
    expect(await authenticate('sk_live_nothing')).toEqual({ actor: null });
  });
});
