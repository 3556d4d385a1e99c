import { randomUUID } from 'node:crypto';
import { Clock } from '@flotilla/runtime/clock';
import { openDataSource } from '@flotilla/runtime/data-source';
import { Database } from '@flotilla/runtime/database';
import { createLogger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { Statements } from '@flotilla/runtime/statements';
import { migrations } from '../src/migrations.js';

/** A clock that goes when it is told to. */
export class TestClock extends Clock {
  private at = new Date();

  now(): Date {
    return this.at;
  }

  advance(ms: number): void {
    this.at = new Date(this.at.getTime() + ms);
  }
}

/** What one process of identity has of the database. */
export interface IdentityStore {
  database: Database;
  clock: TestClock;
  /** An account that is there; its uuid. */
  account(email?: string): Promise<string>;
  close(): Promise<void>;
}

export async function openStore(databaseUrl: string): Promise<IdentityStore> {
  const logger = createLogger('identity', 'silent');
  const statements = new Statements(logger, new Metrics('identity'), 60_000);
  const config = { databaseUrl, poolMax: 8, slowStatementMs: 60_000, startTimeoutMs: 5_000 };
  const dataSource = await openDataSource(
    { service: 'identity', config, migrations },
    logger,
    statements,
  );
  const database = new Database(dataSource, statements);
  const clock = new TestClock();
  return {
    database,
    clock,
    account: async (email = `${randomUUID()}@flotilla.example`) => {
      const id = randomUUID();
      await database.rows(
        `INSERT INTO accounts (id, email, password_hash, role, created_at) VALUES ($1, $2, '', 'customer', now())`,
        [id, email],
      );
      return id;
    },
    close: () => dataSource.destroy(),
  };
}
