import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DataSource, MigrationExecutor, type MigrationInterface } from 'typeorm';

export { migrateMain } from './migrate-main.js';

/** A migration: plain SQL both ways, its name ending in 13 digits, the time that orders it (TypeORM's rule). */
export type MigrationClass = new () => MigrationInterface;

/** Where and what to migrate. */
export interface MigrationPlan {
  service: string;
  /** Of a role that may change the schema. */
  databaseUrl: string;
  migrations: readonly MigrationClass[];
}

/** Names of migrations in the order they run. */
export interface MigrationStatus {
  applied: string[];
  pending: string[];
}

const POLL_MS = 200;
/** Another replica may have long migrations to run; it is not waited for indefinitely. */
const LOCK_WAIT_MS = 10 * 60_000;
/** A migration that waits for a table holds up all who come after it, so it gives up and is run again. */
const TABLE_LOCK_MS = 10_000;

/**
 * Runs what is pending, each migration in its own transaction; returns their names.
 * Safe from many replicas at once: one works, the others wait and find nothing left to do.
 */
export function runMigrations(plan: MigrationPlan): Promise<string[]> {
  return migrating(plan, async (dataSource) => {
    const done = await dataSource.runMigrations({ transaction: 'each' });
    return done.map(({ name }) => name);
  });
}

/** Takes back the last `count` migrations, newest first; returns their names. */
export function revertMigrations(plan: MigrationPlan, count: number): Promise<string[]> {
  return migrating(plan, async (dataSource) => {
    const reverted: string[] = [];
    for (let left = count; left > 0; left--) {
      const { applied } = await statusOf(dataSource);
      const last = applied.at(-1);
      if (last === undefined) break;
      await dataSource.undoLastMigration({ transaction: 'each' });
      reverted.push(last);
    }
    return reverted;
  });
}

/** What has run and what has not. Changes nothing, not even where nothing ever ran. */
export async function migrationStatus(plan: MigrationPlan): Promise<MigrationStatus> {
  const dataSource = await open(plan);
  try {
    return await statusOf(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/**
 * Lets a service start only on a schema that is not behind; one that is ahead is another release's, and fine.
 * @throws Error that names the migrations to run.
 */
export async function requireCurrentSchema(dataSource: DataSource): Promise<void> {
  const { pending } = await statusOf(dataSource);
  if (pending.length > 0) {
    throw new Error(`The database is behind: run the migrations first (${pending.join(', ')})`);
  }
}

async function statusOf(dataSource: DataSource): Promise<MigrationStatus> {
  const executor = new MigrationExecutor(dataSource);
  const executed = await executor.getExecutedMigrations();
  const pending = await executor.getPendingMigrations();
  return {
    applied: executed.map(({ name }) => name).reverse(),
    pending: pending.map(({ name }) => name),
  };
}

/**
 * Runs `work` while no other process migrates this database.
 * The lock is asked for again and again: who waits inside PostgreSQL holds a snapshot, and CREATE INDEX
 * CONCURRENTLY waits for all snapshots, so waiting would be a deadlock.
 */
async function migrating<Result>(
  plan: MigrationPlan,
  work: (dataSource: DataSource) => Promise<Result>,
): Promise<Result> {
  const lock = new pg.Client({
    connectionString: plan.databaseUrl,
    application_name: `migrate ${plan.service}`,
  });
  // A lost connection is a lost lock; the next statement on it says so.
  lock.on('error', () => undefined);
  await lock.connect();
  try {
    await takeLock(lock);
    const dataSource = await open(plan);
    try {
      return await work(dataSource);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await lock.end(); // PostgreSQL releases the lock with its session
  }
}

async function takeLock(client: pg.Client): Promise<void> {
  const giveUpAt = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(
      `SELECT pg_try_advisory_lock(hashtextextended('flotilla.migrations', 0)) AS taken`,
    );
    if (rows[0]?.taken) return;
    if (performance.now() > giveUpAt) throw new Error('Another process is still migrating');
    await sleep(POLL_MS);
  }
}

function open({ service, databaseUrl, migrations }: MigrationPlan): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    url: databaseUrl,
    migrations: [...migrations],
    installExtensions: false,
    poolSize: 2,
    applicationName: `migrate ${service}`,
    extra: { lock_timeout: TABLE_LOCK_MS },
  }).initialize();
}
