import pg from 'pg';
import { adminDatabaseUrl } from '../database-names.js';
import { STATEFUL_SERVICES, type StatefulService } from '../services.js';
import type { Violation } from './report.js';

/** A statement that finds the rows breaking a rule, as `id` and `detail`. */
export interface Rule {
  invariant: string;
  table: string;
  sql: string;
}

/** The most violations that one rule reports: enough to see what is wrong. */
const MOST_PER_RULE = 1000;

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
    return new Snapshot(service, client);
  }

  async rows<Row extends pg.QueryResultRow>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    return (await this.client.query<Row>(sql, [...values])).rows;
  }

  async count(sql: string): Promise<number> {
    const [row] = await this.rows<{ count: string }>(`SELECT count(*) FROM ${sql}`);
    return Number(row!.count);
  }

  /** The rows that break these rules. */
  async violations(rules: readonly Rule[]): Promise<Violation[]> {
    const found: Violation[] = [];
    for (const { invariant, table, sql } of rules) {
      const rows = await this.rows<{ id: string; detail: string }>(
        `SELECT id, detail FROM (${sql}) AS broken ORDER BY id LIMIT ${MOST_PER_RULE}`,
      );
      found.push(
        ...rows.map(({ id, detail }) => ({ invariant, service: this.service, table, id, detail })),
      );
    }
    return found;
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

/** Every database of a fleet. */
export type Snapshots = Record<StatefulService, Snapshot>;

/** Runs work on snapshots of all databases. That of orders is the oldest: what it knows was held before. */
export async function withSnapshots<T>(
  adminUrl: string,
  work: (snapshots: Snapshots) => Promise<T>,
): Promise<T> {
  const open: Snapshot[] = [];
  try {
    open.push(await Snapshot.open(adminUrl, 'orders'));
    for (const service of STATEFUL_SERVICES) {
      if (service !== 'orders') open.push(await Snapshot.open(adminUrl, service));
    }
    return await work(
      Object.fromEntries(open.map((snapshot) => [snapshot.service, snapshot])) as Snapshots,
    );
  } finally {
    await Promise.all(open.map((snapshot) => snapshot.close()));
  }
}
