import { randomUUID } from 'node:crypto';
import { toId } from '@flotilla/contracts/ids';
import { newUuid } from '@flotilla/contracts/ids';
import { runInContext } from '@flotilla/runtime/request-context';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IdentityStore, openStore } from '../../test/identity-store.js';
import { migrations } from '../migrations.js';
import { AuditLog } from './audit-log.js';
import { AuditQueries } from './audit.queries.js';

let test: TestDatabase;
let store: IdentityStore;
let audit: AuditLog;
let queries: AuditQueries;

beforeAll(async () => {
  test = await testDatabase(migrations);
  store = await openStore(test.url);
  audit = new AuditLog(store.database, store.clock);
  queries = new AuditQueries(store.database);
});
afterAll(async () => {
  await store.close();
  await test.drop();
});

const signedIn = (accountId: string, outcome: 'success' | 'failure' = 'success') =>
  audit.record(store.database, {
    type: 'sign-in.password',
    outcome,
    accountId,
    address: '203.0.113.9',
    clientId: 'docs',
    details: { reason: 'test' },
  });

describe('the audit trail', () => {
  it('tells who did what to whom, from where, through which client, and how it ended', async () => {
    const accountId = newUuid();
    await signedIn(accountId, 'failure');

    const userId = toId('usr', accountId);
    expect((await queries.list({ userId })).data).toEqual([
      {
        id: expect.stringMatching(/^evt_/),
        type: 'sign-in.password',
        outcome: 'failure',
        userId,
        actor: userId,
        address: '203.0.113.9',
        clientId: 'docs',
        details: { reason: 'test' },
        occurredAt: store.clock.now().toISOString(),
      },
    ]);
  });

  it('names the caller as the actor of what is done to somebody else', async () => {
    const [accountId, adminId] = [newUuid(), toId('usr', newUuid())];
    const actor = { userId: adminId, mode: 'live' as const, permissions: [] };
    await runInContext({ requestId: randomUUID(), actor }, () =>
      audit.record(store.database, { type: 'account.disabled', outcome: 'success', accountId }),
    );

    const { data } = await queries.list({ userId: toId('usr', accountId) });
    expect(data).toMatchObject([{ actor: adminId }]);
  });

  it('is read page by page, newest first, stable while more is added', async () => {
    const accountId = newUuid();
    const userId = toId('usr', accountId);
    for (let count = 0; count < 5; count += 1) {
      store.clock.advance(1);
      await signedIn(accountId);
    }
    const first = await queries.list({ userId, limit: 2 });
    await signedIn(accountId);
    const second = await queries.list({ userId, limit: 2, cursor: first.nextCursor! });
    const third = await queries.list({ userId, limit: 2, cursor: second.nextCursor! });

    const ids = [first, second, third].flatMap(({ data }) => data.map(({ id }) => id));
    expect(new Set(ids).size).toBe(5);
    expect(third.nextCursor).toBeNull();
    const times = [first, second, third].flatMap(({ data }) =>
      data.map(({ occurredAt }) => occurredAt),
    );
    expect(times).toEqual(times.toSorted().toReversed());
  });

  it('of nobody is empty, and a cursor of another list is refused', async () => {
    expect(await queries.list({ userId: 'usr_nonsense' })).toEqual({ data: [], nextCursor: null });
    await expect(queries.list({ cursor: 'bm90aGluZw' })).rejects.toMatchObject({
      code: 'validation-failed',
    });
  });
});

describe.each([
  ['the service', (sql: string) => store.database.rows(sql), 'permission denied'],
  ['the owner of the schema', (sql: string) => test.pool().query(sql), 'only ever added'],
])('%s', (_, run, refusal) => {
  it.each([
    "UPDATE audit.events SET outcome = 'success'",
    'DELETE FROM audit.events',
    'TRUNCATE audit.events',
  ])('cannot %s', async (sql) => {
    await expect(run(sql)).rejects.toThrow(refusal);
  });
});
