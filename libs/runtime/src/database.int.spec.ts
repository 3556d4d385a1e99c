import { eventually } from '@flotilla/testing/eventually';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '@flotilla/testing/postgres';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { openDataSource } from './data-source.js';
import { Database, isUniqueViolation, type Sql } from './database.js';
import { createLogger } from './logger.js';
import { Metrics } from './metrics.js';
import { runInContext } from './request-context.js';
import { Statements } from './statements.js';

class CreateAccounts1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE accounts (id int PRIMARY KEY, email text UNIQUE)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE accounts');
  }
}

let test: TestDatabase;
let dataSource: DataSource;
let database: Database;
let metrics: Metrics;
let log: string[];

beforeAll(async () => {
  test = await testDatabase([CreateAccounts1700000000000]);
});
afterAll(() => test.drop());

beforeEach(async () => {
  log = [];
  metrics = new Metrics('orders');
  const logger = createLogger('orders', 'info', { write: (line) => void log.push(line) });
  const statements = new Statements(logger, metrics, 50);
  const config = { databaseUrl: test.url, poolMax: 2, slowStatementMs: 50, startTimeoutMs: 1000 };
  dataSource = await openDataSource(
    { service: 'orders', config, migrations: [] },
    logger,
    statements,
  );
  database = new Database(dataSource, statements);
});
afterEach(async () => {
  await dataSource.destroy();
  await test.pool().query('TRUNCATE accounts');
});

const ALL = 'SELECT * FROM accounts';
const PID = 'SELECT pg_backend_pid() AS pid';

const add = (sql: Sql, id: number, email = `${id}@example.com`): Promise<{ id: number }[]> =>
  sql.rows('INSERT INTO accounts VALUES ($1, $2) RETURNING id', [id, email]);

/** Takes every connection of the pool, until it is called off. */
async function busy(): Promise<() => Promise<unknown>> {
  const released = Promise.withResolvers<void>();
  const taken = [1, 2].map(() => Promise.withResolvers<void>());
  const holders = taken.map(({ resolve }) =>
    database.transaction(() => {
      resolve();
      return released.promise;
    }),
  );
  await Promise.all(taken.map(({ promise }) => promise));
  return () => {
    released.resolve();
    return Promise.all(holders);
  };
}

async function ids(): Promise<number[]> {
  const { rows } = await test.pool().query<{ id: number }>('SELECT id FROM accounts ORDER BY id');
  return rows.map(({ id }) => id);
}

/** Resolves with what `work` was refused with. */
async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: unknown) => error,
  );
}

async function terminateOthers(): Promise<void> {
  await test.pool().query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'orders'`,
  );
}

describe('rows', () => {
  it('are rows, whatever the statement', async () => {
    expect(await add(database, 1)).toEqual([{ id: 1 }]);
    expect(await database.rows('UPDATE accounts SET email = $1 RETURNING email', ['new'])).toEqual([
      { email: 'new' },
    ]);
    expect(await database.rows('DELETE FROM accounts')).toEqual([]);
  });

  it('come from statements that are prepared once', async () => {
    await database.transaction(async (tx) => {
      for (const id of [1, 2, 3]) await add(tx, id);
      const prepared = await tx.rows<{ calls: number }>(
        `SELECT generic_plans + custom_plans AS calls FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'`,
      );
      expect(prepared.map(({ calls }) => Number(calls))).toEqual([3]);
    });
  });

  it('keep the connection after an orderly refusal', async () => {
    await add(database, 1);
    const before = await database.rows(PID);
    expect(isUniqueViolation(await refusal(add(database, 1)))).toBe(true);
    expect(await database.rows(PID)).toEqual(before);
  });

  it('tell which constraint was violated', async () => {
    await add(database, 1, 'ada');
    const error = await refusal(add(database, 2, 'ada'));
    expect(isUniqueViolation(error, 'accounts_email_key')).toBe(true);
    expect(isUniqueViolation(error, 'accounts_pkey')).toBe(false);
  });

  it('that were slow are logged by text, never with a value', async () => {
    await database.rows('SELECT $1::text, pg_sleep(0.06)', ['ada@example.com']);
    expect(log.join()).toContain('pg_sleep(0.06)');
    expect(log.join()).not.toContain('ada@example.com');
    expect(await metrics.text()).toContain('db_statement_seconds_count');
  });

  it('are refused, not queued, when all connections stay busy', async () => {
    const release = await busy();
    expect(await refusal(database.rows('SELECT 1'))).toMatchObject({
      code: 'unavailable',
      details: { retryAfterSeconds: 1 },
    });
    expect(await refusal(database.transaction((tx) => tx.rows('SELECT 1')))).toMatchObject({
      code: 'unavailable',
    });
    await release();
    expect(await Promise.all([1, 2].map((n) => database.rows('SELECT $1::int AS n', [n])))).toEqual(
      [[{ n: 1 }], [{ n: 2 }]],
    );
  });

  it('come again after every connection was cut', async () => {
    await Promise.all([1, 2].map(() => database.rows('SELECT pg_sleep(0.01)')));
    await terminateOthers();
    const attempts = [];
    for (let i = 0; i < 4; i++) {
      attempts.push(await database.rows('SELECT 1 AS one').catch((error: unknown) => error));
    }
    expect(attempts.at(-1)).toEqual([{ one: 1 }]);
    for (const outcome of attempts) {
      if (!Array.isArray(outcome)) expect(outcome).toMatchObject({ code: 'unavailable' });
    }
  });

  it.each([
    ['alone', () => database.rows(ALL)],
    ['in a transaction', () => database.transaction((tx) => tx.rows(ALL))],
  ])('come again after a migration has changed what they return, %s', async (_, attempt) => {
    await attempt();
    await test.pool().query('ALTER TABLE accounts ADD COLUMN note text');
    try {
      expect(await refusal(attempt())).toMatchObject({ code: 'unavailable' });
      expect(await attempt()).toEqual([]);
    } finally {
      await test.pool().query('ALTER TABLE accounts DROP COLUMN note');
    }
  });

  it.each([
    ['alone', () => add(database, 1)],
    ['in a transaction', () => database.transaction((tx) => add(tx, 1))],
  ])('that nobody waits for any more are not begun, %s', async (_, attempt) => {
    const late = { requestId: 'r', deadline: performance.now() - 1 };
    const refused = runInContext(late, () => refusal(attempt()));
    expect(await refused).toMatchObject({ code: 'deadline-exceeded' });
    expect(await ids()).toEqual([]);
  });

  it('end within the time that callers wait for an answer', async () => {
    const limits = await database.rows<{ name: string; setting: string }>(
      `SELECT name, setting FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout') ORDER BY name`,
    );
    expect(limits.map(({ setting }) => Number(setting))).toEqual([600, 1200]);
  });

  it('that wait for a lock give up as unavailable', async () => {
    const holder = await test.pool().connect();
    await holder.query('BEGIN; LOCK TABLE accounts');
    try {
      expect(await refusal(add(database, 1))).toMatchObject({
        code: 'unavailable',
        cause: { code: '55P03' },
      });
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
  });
});

describe('ping', () => {
  it('tells a database that is busy from one that is gone', async () => {
    await database.rows('SELECT 1');
    const release = await busy();
    await refusal(database.rows('SELECT 1'));
    await database.ping();
    await release();
  });
});

describe('transaction', () => {
  it('commits what rows and manager did, together', async () => {
    await database.transaction(async (tx) => {
      await add(tx, 1);
      await tx.manager.query('INSERT INTO accounts VALUES (2)');
      await tx.manager.transaction((nested) => nested.query('INSERT INTO accounts VALUES (3)'));
      expect(await ids()).toEqual([]);
    });
    expect(await ids()).toEqual([1, 2, 3]);
  });

  it('leaves nothing behind when the work throws, and throws the same', async () => {
    const mine = new Error('mine');
    const failing = (): Promise<never> =>
      database.transaction(async (tx) => {
        await add(tx, 1);
        throw mine;
      });
    const before = await database.rows(PID);
    expect(await refusal(failing())).toBe(mine);
    expect(await ids()).toEqual([]);
    expect(await database.rows(PID)).toEqual(before);
  });

  it('tells who listens what it announced, after its commit and only then', async () => {
    const heard: number[][] = [];
    const stop = database.onCommit('news', () => void ids().then((rows) => heard.push(rows)));
    const announce = (id: number, outcome?: Error): Promise<unknown> =>
      database.transaction(async (tx) => {
        tx.announce('news');
        tx.announce('other news');
        await add(tx, id);
        tx.announce('news');
        if (outcome) throw outcome;
      });
    await refusal(announce(1, new Error('mine')));
    await announce(2);
    await eventually(() => heard.length > 0);
    expect(heard).toEqual([[2]]);
    stop();
    await announce(3);
    expect(heard).toHaveLength(1);
  });

  it('never reports success for work that swallowed a failed statement', async () => {
    const swallowing = database.transaction(async (tx) => {
      await add(tx, 1);
      await add(tx, 1).catch(() => undefined);
    });
    expect(await refusal(swallowing)).toBeInstanceOf(Error);
    expect(await ids()).toEqual([]);
  });

  it('shows the first error when the rollback fails as well', async () => {
    const mine = new Error('mine');
    const failing = database.transaction(async (tx) => {
      await add(tx, 1);
      await terminateOthers();
      throw mine;
    });
    expect(await refusal(failing)).toBe(mine);
    expect(await ids()).toEqual([]);
    expect(await database.transaction((tx) => add(tx, 2))).toEqual([{ id: 2 }]);
  });

  it('is unavailable when its connection is cut in the middle', async () => {
    const cut = database.transaction(async (tx) => {
      await terminateOthers();
      await add(tx, 1);
    });
    expect(await refusal(cut)).toMatchObject({ code: 'unavailable', cause: expect.any(Error) });
  });

  it('keeps a serialization failure recognisable', async () => {
    await add(database, 1);
    const failing = database.transaction(async (tx) => {
      await tx.rows('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await tx.rows('SELECT * FROM accounts');
      await test.pool().query(`UPDATE accounts SET email = 'other'`);
      await tx.rows(`UPDATE accounts SET email = 'mine'`);
    });
    expect(await refusal(failing)).toMatchObject({ code: '40001' });
  });

  it('gives its connection back, also when it had to wait in vain', async () => {
    const release = await busy();
    await refusal(database.transaction((tx) => add(tx, 1)));
    await release();
    await Promise.all([1, 2].map((id) => database.transaction((tx) => add(tx, id))));
    expect(await ids()).toEqual([1, 2]);
  });
});
