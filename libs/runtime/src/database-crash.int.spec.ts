import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startPostgres } from '@flotilla/servers/postgres';
import { eventually } from '@flotilla/testing/eventually';
import { testRun } from '@flotilla/testing/test-run';
import { openDataSource } from './data-source.js';
import { Database } from './database.js';
import { createLogger } from './logger.js';
import { Metrics } from './metrics.js';
import { Statements } from './statements.js';

type Postgres = Awaited<ReturnType<typeof startPostgres>>;

const logger = createLogger('orders', 'silent');
const statements = new Statements(logger, new Metrics('orders'), 1000);
let dataDir: string;
let postgres: Postgres;

beforeAll(async () => {
  dataDir = testRun.directory('crash');
  postgres = await startPostgres({ dataDir, durable: false });
});
afterAll(() => postgres.stop());

it('serves again after PostgreSQL was killed, and waits at start for one that is not there', async () => {
  const open = async (): Promise<{ database: Database; end: () => Promise<void> }> => {
    const config = {
      databaseUrl: postgres.url,
      poolMax: 3,
      slowStatementMs: 1000,
      startTimeoutMs: 20_000,
    };
    const parts = { service: 'orders', config, migrations: [] };
    const dataSource = await openDataSource(parts, logger, statements);
    return {
      database: new Database(dataSource, statements),
      end: () => dataSource.destroy(),
    };
  };
  const { database, end } = await open();
  const one = (): Promise<unknown> => database.rows('SELECT 1 AS one');
  let replaced = 0;
  database.onReplaced(() => (replaced += 1));
  await Promise.all([one(), one(), one()]);
  expect(replaced).toBe(0);

  const cut = Promise.allSettled([
    database.rows('SELECT pg_sleep(10)'),
    database.transaction((tx) => tx.rows('SELECT pg_sleep(10)')),
  ]);
  await postgres.kill();
  for (const outcome of await cut) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
  }
  await expect(one()).rejects.toMatchObject({ code: 'unavailable' });
  await eventually(() => expect(database.ping()).rejects.toMatchObject({ code: 'unavailable' }));
  await expect(database.transaction(one)).rejects.toMatchObject({ code: 'unavailable' });

  const opening = open();
  postgres = await startPostgres({ dataDir, durable: false, port: portOf(postgres) });
  await eventually(one);
  expect(replaced).toBe(1);
  const late = await opening;
  expect(await late.database.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await Promise.all([end(), late.end()]);
});

it('does not wait at start when waiting cannot help', async () => {
  const databaseUrl = postgres.url.replace(/:[^:@]+@/, ':wrong@');
  const config = { databaseUrl, poolMax: 1, slowStatementMs: 1000, startTimeoutMs: 60_000 };
  const opening = openDataSource({ service: 'orders', config, migrations: [] }, logger, statements);
  await expect(opening).rejects.toMatchObject({ code: '28P01' });
});

function portOf({ url }: Postgres): number {
  return Number(new URL(url).port);
}
