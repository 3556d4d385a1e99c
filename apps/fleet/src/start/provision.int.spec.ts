import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testRun } from '@flotilla/testing/test-run';
import pg from 'pg';
import {
  adminDatabaseUrl,
  databaseName,
  serviceDatabaseUrl,
  withDatabase,
} from '../database-names.js';
import { STATEFUL_SERVICES, type StatefulService } from '../services.js';
import { grantRows, provision } from './provision.js';

const adminUrl = withDatabase(testRun.databaseUrl, `fleet_${randomBytes(4).toString('hex')}`);
const passwords = Object.fromEntries(
  STATEFUL_SERVICES.map((service) => [service, `it's ${service}`]),
) as Record<StatefulService, string>;

async function run(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
const asService = (service: StatefulService, password = passwords[service]) =>
  serviceDatabaseUrl(adminUrl, service, password);

beforeAll(async () => {
  await provision(adminUrl, passwords);
  await run(adminDatabaseUrl(adminUrl, 'orders'), 'CREATE TABLE things (id int)');
});
afterAll(async () => {
  const names = STATEFUL_SERVICES.map((service) => databaseName(adminUrl, service));
  const base = new URL(adminUrl).pathname.slice(1);
  await run(
    testRun.databaseUrl,
    ...[...names, base].map((name) => `DROP DATABASE ${name}`),
    ...names.map((name) => `DROP ROLE ${name}`),
  );
});

describe('the role of a service', () => {
  it('reads and writes rows of tables that were made after it', async () => {
    await run(
      asService('orders'),
      'INSERT INTO things VALUES (1)',
      'UPDATE things SET id = 2',
      'SELECT * FROM things',
      'DELETE FROM things',
    );
  });

  it.each([
    'CREATE TABLE other (id int)',
    'DROP TABLE things',
    'ALTER TABLE things ADD x int',
    'TRUNCATE things',
    'CREATE DATABASE another',
  ])('may not %s', async (statement) => {
    await expect(run(asService('orders'), statement)).rejects.toMatchObject({ code: '42501' });
  });

  it("has no business in another service's database", async () => {
    const url = new URL(asService('inventory'));
    url.pathname = `/${databaseName(adminUrl, 'orders')}`;
    await expect(run(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '42501' });
  });

  it('gets back what was taken from it', async () => {
    const admin = adminDatabaseUrl(adminUrl, 'orders');
    await run(admin, `REVOKE ALL ON things FROM ${databaseName(adminUrl, 'orders')}`);
    await expect(run(asService('orders'), 'SELECT * FROM things')).rejects.toThrow();

    await provision(adminUrl, passwords);
    await run(asService('orders'), 'SELECT * FROM things');
  });

  it('sees which migrations have run, and may not say otherwise', async () => {
    await run(adminDatabaseUrl(adminUrl, 'orders'), 'CREATE TABLE migrations (name text)');
    await grantRows(adminUrl);

    await run(asService('orders'), 'SELECT * FROM migrations');
    for (const statement of [
      "INSERT INTO migrations VALUES ('x')",
      "UPDATE migrations SET name = 'x'",
      'DELETE FROM migrations',
    ]) {
      await expect(run(asService('orders'), statement)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('has no other password than the last one', async () => {
    await provision(adminUrl, { ...passwords, users: 'new' });
    await run(asService('users', 'new'), 'SELECT 1');
    await expect(run(asService('users'), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });
});
