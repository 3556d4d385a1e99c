import { parseArgs } from 'node:util';
import { DataSource, MigrationExecutor, type MigrationInterface } from 'typeorm';
import { type Environment, loadConfig, url } from './config.js';
import { withMigrationLock } from './migration-lock.js';
import { typeOrmLogger } from './typeorm-logger.js';

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
export function migrationStatus(plan: MigrationPlan): Promise<MigrationStatus> {
  return using(plan, statusOf);
}

/** Runs what is pending, only looks, or takes back the last few. */
export type MigrationAction = 'up' | 'status' | { down: number };

/** Names of migrations, by what became of them. */
export interface MigrationResult {
  applied?: string[];
  pending?: string[];
  reverted?: string[];
}

/** Does the one or the other, as the functions above. */
export async function carryOut(
  plan: MigrationPlan,
  action: MigrationAction,
): Promise<MigrationResult> {
  if (action === 'status') return migrationStatus(plan);
  if (action === 'up') return { applied: await runMigrations(plan) };
  return { reverted: await revertMigrations(plan, action.down) };
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

function migrating<Result>(
  plan: MigrationPlan,
  work: (dataSource: DataSource) => Promise<Result>,
): Promise<Result> {
  return withMigrationLock(plan, () => using(plan, work));
}

async function using<Result>(
  plan: MigrationPlan,
  work: (dataSource: DataSource) => Promise<Result>,
): Promise<Result> {
  const dataSource = await open(plan);
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

function open({ service, databaseUrl, migrations }: MigrationPlan): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    url: databaseUrl,
    migrations: [...migrations],
    installExtensions: false,
    logger: typeOrmLogger(),
    poolSize: 2,
    applicationName: `migrate ${service}`,
    extra: { lock_timeout: TABLE_LOCK_MS },
  }).initialize();
}

/**
 * The whole of a `migrate.ts`: runs what is pending, or with `--down N` takes back the last N, or with `--status` only looks.
 * Prints one line of JSON. MIGRATIONS_DATABASE_URL (or …_FILE) is of a role that may change the schema.
 * Exit code 0 when all is well, 1 when it failed, 2 for wrong use.
 */
export async function migrateMain(plan: {
  service: string;
  migrations: readonly MigrationClass[];
}): Promise<void> {
  process.exitCode = await migrate(plan, process.argv.slice(2), process.env);
}

async function migrate(
  { service, migrations }: { service: string; migrations: readonly MigrationClass[] },
  args: string[],
  env: Environment,
): Promise<number> {
  const print = (outcome: object): void => {
    process.stdout.write(`${JSON.stringify({ service, ...outcome })}\n`);
  };
  let action: MigrationAction;
  try {
    action = parse(args);
  } catch (error) {
    print({ error: `${messageOf(error)}. Usage: migrate [--down N | --status]` });
    return 2;
  }
  try {
    const { MIGRATIONS_DATABASE_URL } = loadConfig({ MIGRATIONS_DATABASE_URL: url() }, env);
    const where = { service, migrations, databaseUrl: MIGRATIONS_DATABASE_URL };
    print(await carryOut(where, action));
    return 0;
  } catch (error) {
    print({ error: messageOf(error) });
    return 1;
  }
}

function parse(args: string[]): MigrationAction {
  const { values } = parseArgs({
    args,
    options: { down: { type: 'string' }, status: { type: 'boolean' } },
  });
  if (values.down === undefined) return values.status ? 'status' : 'up';
  if (values.status || !/^[1-9]\d*$/.test(values.down)) {
    throw new Error('--down takes how many, and no --status');
  }
  return { down: Number(values.down) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
