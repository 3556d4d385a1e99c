import { parseArgs } from 'node:util';
import { type Environment, loadConfig, url } from './config.js';
import {
  type MigrationClass,
  migrationStatus,
  revertMigrations,
  runMigrations,
} from './migrations.js';

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
  const print = (outcome: object): void => console.log(JSON.stringify({ service, ...outcome }));
  let command: Command;
  try {
    command = parse(args);
  } catch (error) {
    print({ error: `${messageOf(error)}. Usage: migrate [--down N | --status]` });
    return 2;
  }
  try {
    const { MIGRATIONS_DATABASE_URL } = loadConfig({ MIGRATIONS_DATABASE_URL: url() }, env);
    const where = { service, migrations, databaseUrl: MIGRATIONS_DATABASE_URL };
    if (command.action === 'status') print(await migrationStatus(where));
    else if (command.action === 'down') {
      print({ reverted: await revertMigrations(where, command.count) });
    } else print({ applied: await runMigrations(where) });
    return 0;
  } catch (error) {
    print({ error: messageOf(error) });
    return 1;
  }
}

type Command = { action: 'up' } | { action: 'status' } | { action: 'down'; count: number };

function parse(args: string[]): Command {
  const { values } = parseArgs({
    args,
    options: { down: { type: 'string' }, status: { type: 'boolean' } },
  });
  if (values.down === undefined) return { action: values.status ? 'status' : 'up' };
  if (values.status || !/^[1-9]\d*$/.test(values.down)) {
    throw new Error('--down takes how many, and no --status');
  }
  return { action: 'down', count: Number(values.down) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
