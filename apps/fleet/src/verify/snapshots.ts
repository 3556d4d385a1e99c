import pg from 'pg';
import { adminDatabaseUrl } from '../database-names.js';
import { STATEFUL_SERVICES, type StatefulService } from '../services.js';
import { contained, MOST_PER_RULE, type Violation } from './report.js';

/** A statement that finds the rows breaking a rule, as `id` and `detail`. */
export interface Rule {
  invariant: string;
  table: string;
  sql: string;
}

/** One database as it was at one instant; nothing can be written. */
export class Snapshot {
  private constructor(
    readonly service: StatefulService,
    private readonly client: pg.Client,
  ) {}

  static async open(adminUrl: string, service: StatefulService): Promise<Snapshot> {
    const client = new pg.Client({
      connectionString: adminDatabaseUrl(adminUrl, service),
      application_name: 'fleet verify',
      connectionTimeoutMillis: 10_000,
    });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // PostgreSQL takes the snapshot at the first statement that needs one.
    await client.query('SELECT txid_current_snapshot()');
    await client.query('SAVEPOINT taken');
    return new Snapshot(service, client);
  }

  async rows<Row extends pg.QueryResultRow>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    try {
      return (await this.client.query<Row>(sql, [...values])).rows;
    } catch (error) {
      // A statement that fails must not end the transaction, and with it all further looks. A lost connection has ended it.
      await this.client.query('ROLLBACK TO SAVEPOINT taken').catch(() => undefined);
      throw error;
    }
  }

  /** How many rows there are; 0 where none can be read, of which the rules over them tell. */
  async count(sql: string): Promise<number> {
    try {
      const [row] = await this.rows<{ count: string }>(`SELECT count(*) FROM ${sql}`);
      return Number(row!.count);
    } catch {
      return 0;
    }
  }

  /** The rows that break these rules. */
  async violations(rules: readonly Rule[]): Promise<Violation[]> {
    const found: Violation[] = [];
    for (const { invariant, table, sql } of rules) {
      const check = { invariant, service: this.service, table };
      const broken = await contained(check, async () => {
        const rows = await this.rows<{ id: string; detail: string }>(
          `SELECT id, detail FROM (${sql}) AS broken ORDER BY id LIMIT ${MOST_PER_RULE}`,
        );
        return rows.map(({ id, detail }) => ({ ...check, id, detail }));
      });
      found.push(...broken);
    }
    return found;
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

/** Every database of a fleet. */
export type Snapshots = Record<StatefulService, Snapshot>;

/** What orders know was held before: their snapshot is the oldest. */
export const DECISIONS_FIRST: readonly StatefulService[] = [
  'orders',
  ...STATEFUL_SERVICES.filter((service) => service !== 'orders'),
];

/** What a consumer has heard was told before: their snapshots are older than those of whom they hear. */
export const CONSUMERS_FIRST: readonly StatefulService[] = [
  'notifications',
  'users',
  'inventory',
  ...STATEFUL_SERVICES.filter((name) => !['notifications', 'users', 'inventory'].includes(name)),
];

/** Runs work on snapshots of all databases, taken in this order. */
export async function withSnapshots<T>(
  adminUrl: string,
  order: readonly StatefulService[],
  work: (snapshots: Snapshots) => Promise<T>,
): Promise<T> {
  const open: Snapshot[] = [];
  try {
    for (const service of order) open.push(await Snapshot.open(adminUrl, service));
    return await work(
      Object.fromEntries(open.map((snapshot) => [snapshot.service, snapshot])) as Snapshots,
    );
  } finally {
    await Promise.all(open.map((snapshot) => snapshot.close()));
  }
}
