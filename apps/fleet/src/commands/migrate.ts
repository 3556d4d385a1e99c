import type { MigrationAction } from '@flotilla/runtime/migrations';
import type { Command } from 'commander';
import { FleetDirectory } from '../fleet-directory.js';
import { migrate, type MigrationOutcome } from '../migrations.js';
import { Output, UsageError } from '../output.js';
import { isStateful, STATEFUL_SERVICES, type StatefulService } from '../services.js';
import { keptPostgres } from '../start/infrastructure.js';
import { FleetLock } from '../start/lock.js';
import { provision, servicePasswords } from '../start/provision.js';
import { type FleetOptions, wholeNumber, withFleetOptions } from './fleet-options.js';

interface MigrateOptions extends FleetOptions {
  down?: number;
  status?: boolean;
}

/** `migrate`: databases, roles and grants, then the migrations of one service or of all. */
export function migrateCommand(program: Command): void {
  withFleetOptions(program.command('migrate'), { url: false })
    .description('make the databases and run the migrations of one service or of all')
    .argument('[service]', STATEFUL_SERVICES.join(', '))
    .option('--down <n>', 'take back the last n migrations instead', wholeNumber(1, 1000))
    .option('--status', 'only tell what has run and what has not')
    .action(async (service: string | undefined, options: MigrateOptions) => {
      const output = new Output(options.json);
      const services = chosen(service);
      const action = actionOf(options, service);
      const outcomes = await withAdministrator(options, output, async (databaseUrl) => {
        if (action === 'up') {
          const secrets = new FleetDirectory(options.data).secrets();
          const given = process.env.SERVICE_DATABASE_PASSWORD;
          await provision(databaseUrl, servicePasswords(secrets, given));
        }
        return migrate(databaseUrl, services, action);
      });
      output.result({ services: outcomes }, outcomes.map(inWords).join('\n'));
      if (outcomes.some(({ error }) => error !== undefined)) process.exitCode = 1;
    });
}

function chosen(service: string | undefined): readonly StatefulService[] {
  if (service === undefined) return STATEFUL_SERVICES;
  if (isStateful(service)) return [service];
  throw new UsageError(`There is no service "${service}" (${STATEFUL_SERVICES.join(', ')})`);
}

function actionOf({ down, status }: MigrateOptions, service: string | undefined): MigrationAction {
  if (down === undefined) return status ? 'status' : 'up';
  if (status) throw new UsageError('--down and --status exclude each other');
  if (!service) throw new UsageError('--down takes one service');
  return { down };
}

/** The database of the running fleet, else DATABASE_URL, else the directory's own PostgreSQL, started for as long. */
async function withAdministrator<T>(
  options: MigrateOptions,
  output: Output,
  work: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  const directory = new FleetDirectory(options.data);
  const url = directory.fleet()?.databaseUrl ?? process.env.DATABASE_URL;
  if (url) return work(url);
  directory.make();
  const lock = await FleetLock.take(directory.path, directory.file('lock.json'));
  try {
    const postgres = await keptPostgres(directory, output);
    try {
      return await work(postgres.url);
    } finally {
      await postgres.stop();
    }
  } finally {
    lock.release();
  }
}

function inWords({ service, applied, pending, reverted, error }: MigrationOutcome): string {
  const list = (names: string[] = []) => names.join(', ') || 'nothing';
  if (error !== undefined) return `${service}: failed: ${error}`;
  if (reverted) return `${service}: taken back: ${list(reverted)}`;
  if (pending) return `${service}: applied: ${list(applied)}; pending: ${list(pending)}`;
  return `${service}: ${applied?.length ? `applied: ${list(applied)}` : 'up to date'}`;
}
