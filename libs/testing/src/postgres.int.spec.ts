import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { testDatabase, testPostgres, type TestDatabase } from './postgres.js';

class CreateThings1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE things (id int PRIMARY KEY)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE things');
  }
}

describe('testDatabase', () => {
  let database: TestDatabase;
  let service: pg.Client;

  beforeAll(async () => {
    database = await testDatabase([CreateThings1700000000000]);
    service = new pg.Client({ connectionString: database.url });
    await service.connect();
  });

  afterAll(async () => {
    await service.end();
    await database.drop();
  });

  it('has its migrations applied', async () => {
    const { rows } = await database.pool().query('SELECT * FROM things');
    expect(rows).toEqual([]);
  });

  it('lets a service write rows', async () => {
    await service.query('INSERT INTO things VALUES (1)');
    expect((await service.query('SELECT id FROM things')).rows).toEqual([{ id: 1 }]);
  });

  it('does not let a service change the schema', async () => {
    await expect(service.query('CREATE TABLE more (id int)')).rejects.toThrow(/permission denied/);
    await expect(service.query('DROP TABLE things')).rejects.toThrow(/must be owner/);
  });

  it('shares nothing with another one', async () => {
    const other = await testDatabase([]);
    await expect(other.pool().query('SELECT * FROM things')).rejects.toThrow(/does not exist/);
    await other.drop();
  });
});

describe('testPostgres', () => {
  it('crashes and comes back with what was committed, for connections made before', async () => {
    const postgres = await testPostgres();
    const database = await postgres.database([CreateThings1700000000000]);
    await database.pool().query('INSERT INTO things VALUES (7)');
    await postgres.kill9();
    await expect(database.pool().query('SELECT id FROM things')).rejects.toThrow();
    await postgres.restart();
    expect((await database.pool().query('SELECT id FROM things')).rows).toEqual([{ id: 7 }]);
    await database.drop();
    await postgres.stop();
  });
});
