import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '@flotilla/testing/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  type MigrationClass,
  migrationStatus,
  revertMigrations,
  runMigrations,
} from './migrations.js';

class First1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE first (id int)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE first');
  }
}

/** Cannot run in a transaction, and waits for every snapshot, also that of another replica. */
class Second1700000000002 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX CONCURRENTLY first_id ON first (id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX first_id');
  }
}

class Broken1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE half (id int)');
    await runner.query('CREATE TABLE half (id int)');
  }

  async down(): Promise<void> {}
}

const FIRST = 'First1700000000001';
const SECOND = 'Second1700000000002';
let test: TestDatabase;

beforeEach(async () => {
  test = await testDatabase([]);
});
afterEach(() => test.drop());

const plan = (...migrations: MigrationClass[]) => ({
  service: 'orders',
  databaseUrl: test.adminUrl,
  migrations,
});

async function exists(relation: string): Promise<boolean> {
  const { rows } = await test
    .pool()
    .query('SELECT to_regclass($1) IS NOT NULL AS there', [relation]);
  return (rows[0] as { there: boolean }).there;
}

describe('runMigrations', () => {
  it('runs each once, however many replicas start at once', async () => {
    const replicas = [1, 2, 3, 4].map(() =>
      runMigrations(plan(First1700000000001, Second1700000000002)),
    );
    const ran = await Promise.all(replicas);
    expect(ran.flat()).toEqual([FIRST, SECOND]);
    expect(await exists('first_id')).toBe(true);
  });

  it('leaves no half of a migration that fails, and keeps those before it', async () => {
    await expect(runMigrations(plan(First1700000000001, Broken1700000000003))).rejects.toThrow(
      'half',
    );
    expect(await exists('half')).toBe(false);
    expect(await migrationStatus(plan(First1700000000001, Broken1700000000003))).toEqual({
      applied: [FIRST],
      pending: ['Broken1700000000003'],
    });
  });
});

describe('revertMigrations', () => {
  it('takes back the last ones, newest first, and no more than there are', async () => {
    const both = plan(First1700000000001, Second1700000000002);
    await runMigrations(both);
    expect(await revertMigrations(both, 1)).toEqual([SECOND]);
    expect([await exists('first_id'), await exists('first')]).toEqual([false, true]);
    expect(await revertMigrations(both, 5)).toEqual([FIRST]);
    expect(await exists('first')).toBe(false);
  });
});

describe('migrationStatus', () => {
  it('changes nothing', async () => {
    const untouched = { ...plan(First1700000000001), databaseUrl: await emptyDatabase() };
    expect(await migrationStatus(untouched)).toEqual({ applied: [], pending: [FIRST] });
    expect(await exists('migrations')).toBe(false);
  });

  async function emptyDatabase(): Promise<string> {
    await test.pool().query('DROP TABLE IF EXISTS migrations');
    return test.adminUrl;
  }
});
