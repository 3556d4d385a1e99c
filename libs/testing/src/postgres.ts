import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { testRun } from './test-run.js';

export type MigrationClass = new () => MigrationInterface;

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
export async function testDatabase(migrations: MigrationClass[]): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const adminUrl = withPath(testRun.databaseUrl, name);
  await execute(testRun.databaseUrl, [
    `CREATE DATABASE ${name}`,
    `CREATE ROLE ${name} LOGIN PASSWORD '${name}'`,
  ]);
  await execute(adminUrl, [
    `ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${name}`,
    `ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO ${name}`,
  ]);
  await migrate(adminUrl, migrations);

  let pool: pg.Pool | undefined;
  return {
    url: withCredentials(adminUrl, name),
    adminUrl,
    pool: () => (pool ??= ownerPool(adminUrl)),
    drop: async () => {
      await pool?.end();
      await execute(testRun.databaseUrl, [
        `DROP DATABASE ${name} WITH (FORCE)`,
        `DROP ROLE ${name}`,
      ]);
    },
  };
}

async function migrate(url: string, migrations: MigrationClass[]): Promise<void> {
  const dataSource = new DataSource({ type: 'postgres', url, migrations });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await dataSource.destroy();
  }
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
