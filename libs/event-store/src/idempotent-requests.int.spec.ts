import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@flotilla/contracts/errors';
import { newUuid, toId } from '@flotilla/contracts/ids';
import { openDataSource } from '@flotilla/runtime/data-source';
import { Database } from '@flotilla/runtime/database';
import { createLogger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { Statements } from '@flotilla/runtime/statements';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import type { DataSource } from 'typeorm';
import { IdempotentRequests } from './idempotent-requests.js';
import { CreateIdempotencyRecords1767229200000 } from './migrations/create-idempotency-records.js';

const MIGRATIONS = [CreateIdempotencyRecords1767229200000];

let test: TestDatabase;
let dataSource: DataSource;
let requests: IdempotentRequests;
let effects = 0;

beforeAll(async () => {
  test = await testDatabase(MIGRATIONS);
  const logger = createLogger('test', 'silent');
  const statements = new Statements(logger, new Metrics('test'), 60_000);
  const config = {
    databaseUrl: test.url,
    poolMax: 8,
    slowStatementMs: 60_000,
    startTimeoutMs: 5_000,
  };
  const parts = { service: 'test', config, migrations: MIGRATIONS };
  dataSource = await openDataSource(parts, logger, statements);
  requests = new IdempotentRequests(new Database(dataSource, statements));
});
afterAll(async () => {
  await dataSource.destroy();
  await test.drop();
});
beforeEach(() => {
  effects = 0;
});

const someone = () => ({ userId: toId('usr', newUuid()), mode: 'live' as const });
const ASKED = { actor: someone(), key: 'a key', operation: 'shop.buy.v1', body: { a: 1, b: 2 } };

/** A request of its own user that counts its effects. */
function ask(more: Partial<typeof ASKED> = {}, refusal?: AppError) {
  return requests.once({ ...ASKED, ...more }, () => {
    effects += 1;
    return refusal ? Promise.reject(refusal) : Promise.resolve({ z: effects, 10: null, a: 'é' });
  });
}

describe('a request under a key', () => {
  it('takes effect once, and its retries get the same answer, members in the same order', async () => {
    const actor = someone();
    const first = await ask({ actor });

    const again = await ask({ actor, body: { b: 2, a: 1 } });

    expect(effects).toBe(1);
    expect(first.replayed).toBe(false);
    expect(again.replayed).toBe(true);
    expect(JSON.stringify(again.answer)).toBe(JSON.stringify(first.answer));
  });

  it.each([
    ['body', { body: { a: 1, b: 3 } }],
    ['operation', { operation: 'shop.sell.v1' }],
  ])('is refused when the key was used with another %s', async (_what, more) => {
    const actor = someone();
    await ask({ actor });

    await expect(ask({ actor, ...more })).rejects.toMatchObject({ code: 'idempotency-key-reuse' });

    expect(effects).toBe(1);
  });

  it.each([
    ['another user', () => someone()],
    ['the other mode', () => ({ ...ASKED.actor, mode: 'test' as const })],
  ])('has nothing to do with the same key of %s', async (_who, actor) => {
    await ask({ key: 'shared' });
    expect(await ask({ key: 'shared', actor: actor() as typeof ASKED.actor })).toMatchObject({
      replayed: false,
    });
  });

  it('that was refused may be tried again', async () => {
    const actor = someone();
    const refusal = new AppError('sku-taken', 'Taken.');
    await expect(ask({ actor }, refusal)).rejects.toBe(refusal);

    expect(await ask({ actor })).toMatchObject({ replayed: false });
  });

  it('is refused while the first one runs, and then answered as that was', async () => {
    const actor = someone();
    const { promise, resolve } = Promise.withResolvers<object>();
    const running = Promise.withResolvers<undefined>();
    const first = requests.once({ ...ASKED, actor }, () => {
      running.resolve(undefined);
      return promise;
    });
    await running.promise;

    await expect(ask({ actor })).rejects.toMatchObject({ code: 'idempotency-key-in-flight' });

    resolve({ slow: true });
    await first;
    expect(await ask({ actor })).toEqual({ answer: { slow: true }, replayed: true });
  });

  it('takes effect once among fifty at the same time', async () => {
    const actor = someone();
    const settled = await Promise.allSettled(Array.from({ length: 50 }, () => ask({ actor })));

    expect(effects).toBe(1);
    const codes = settled.map((one) =>
      one.status === 'fulfilled' ? 'answered' : (one.reason as AppError).code,
    );
    expect(codes).toContain('answered');
    const others = codes.filter((code) => code !== 'answered' && code !== 'unavailable');
    expect(new Set(others)).toEqual(
      others.length > 0 ? new Set(['idempotency-key-in-flight']) : new Set(),
    );
  });

  it('is forgotten after 24 hours, and takes effect again', async () => {
    const [actor, bystander] = [someone(), someone()];
    await ask({ actor });
    await ask({ actor: bystander });
    await test
      .pool()
      .query("UPDATE idempotency_records SET answered_at = now() - interval '24 hours'");

    expect(await ask({ actor })).toMatchObject({ replayed: false });

    const { rows } = await test.pool().query('SELECT 1 FROM idempotency_records');
    expect(rows).toHaveLength(1);
  });
});
