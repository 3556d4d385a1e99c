import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type MigrationClass, runMigrations } from '@flotilla/runtime/migrations';
import { startPostgres } from '@flotilla/servers/postgres';
import { rmSync } from 'node:fs';
import { testRun } from './test-run.js';

/** A database of one test file. */
export interface TestDatabase {
  /** As a service sees it: its role may read and write rows, not change the schema. */
  readonly url: string;
  /** As the owner of the schema sees it. */
  readonly adminUrl: string;
  /** The owner's connections, to arrange and to look. Ended by `drop`. */
  pool(): pg.Pool;
  drop(): Promise<void>;
}

/** Makes a database with these migrations applied, in the run's cluster. */
export function testDatabase(migrations: readonly MigrationClass[]): Promise<TestDatabase> {
  return makeDatabase(testRun.databaseUrl, migrations);
}

/** A PostgreSQL server that one test file may crash as it likes. */
export interface TestPostgres {
  /** The administrator's; the same after every restart. */
  readonly url: string;
  database(migrations: readonly MigrationClass[]): Promise<TestDatabase>;
  /** SIGKILL to the whole server; resolves when it is gone. */
  kill9(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Starts a PostgreSQL server for this test file: a second or so, so only for those that break it. */
export async function testPostgres(): Promise<TestPostgres> {
  const dataDir = testRun.directory('postgres');
  let server = await startPostgres({ dataDir });
  const port = Number(new URL(server.url).port);
  return {
    url: server.url,
    database: (migrations) => makeDatabase(server.url, migrations),
    kill9: () => server.kill(),
    restart: async () => {
      await server.stop();
      server = await startPostgres({ dataDir, port });
    },
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

async function makeDatabase(
  serverUrl: string,
  migrations: readonly MigrationClass[],
): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const adminUrl = withPath(serverUrl, name);
  await execute(serverUrl, [
    `CREATE DATABASE ${name}`,
    `CREATE ROLE ${name} LOGIN PASSWORD '${name}'`,
  ]);
  await execute(adminUrl, [
    `ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${name}`,
    `ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO ${name}`,
  ]);
  await runMigrations({ service: name, databaseUrl: adminUrl, migrations });

  let pool: pg.Pool | undefined;
  return {
    url: withCredentials(adminUrl, name),
    adminUrl,
    pool: () => (pool ??= ownerPool(adminUrl)),
    drop: async () => {
      await pool?.end();
      await execute(serverUrl, [`DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE ${name}`]);
    },
  };
}

function ownerPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 5 });
  // Tests restart servers; a connection lost while idle is replaced by the next query.
  pool.on('error', () => {});
  return pool;
}

async function execute(url: string, statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function withPath(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = database;
  return changed.href;
}

function withCredentials(url: string, name: string): string {
  const changed = new URL(url);
  changed.username = name;
  changed.password = name;
  return changed.href;
}
