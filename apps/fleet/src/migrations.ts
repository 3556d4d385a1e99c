import { execFile } from 'node:child_process';
import { adminDatabaseUrl } from './database-names.js';
import { grantRows } from './start/provision.js';
import { entryPoint, STATEFUL_SERVICES, type StatefulService } from './services.js';

/** What a service's `migrate` says of its database: names of migrations, or what went wrong. */
export interface MigrationOutcome {
  service: StatefulService;
  applied?: string[];
  pending?: string[];
  reverted?: string[];
  error?: string;
}

/** Each migration process takes a core for most of a second while it loads. */
const PARALLEL = 2;

/**
 * Runs the `migrate` of services, each in a process of its own that alone is told how to change the schema.
 * @param args `--status` or `--down N`; none to run what is pending
 */
export async function migrate(
  adminUrl: string,
  services: readonly StatefulService[] = STATEFUL_SERVICES,
  args: readonly string[] = [],
): Promise<MigrationOutcome[]> {
  const outcomes = new Map<StatefulService, MigrationOutcome>();
  const waiting = [...services];
  const worker = async () => {
    for (let service = waiting.shift(); service; service = waiting.shift()) {
      outcomes.set(service, await migrateOne(adminUrl, service, args));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  const inOrder = services.map((service) => outcomes.get(service)!);
  if (inOrder.some(({ applied, pending }) => applied?.length && !pending))
    await grantRows(adminUrl);
  return inOrder;
}

function migrateOne(
  adminUrl: string,
  service: StatefulService,
  args: readonly string[],
): Promise<MigrationOutcome> {
  const env = { ...process.env, MIGRATIONS_DATABASE_URL: adminDatabaseUrl(adminUrl, service) };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [entryPoint(service, 'migrate'), ...args],
      { env },
      (failure, stdout, stderr) => resolve(readOutcome(service, failure, stdout, stderr)),
    );
  });
}

/** The last line of stdout is the answer; a process that gave none has said why on stderr. */
function readOutcome(
  service: StatefulService,
  failure: Error | null,
  stdout: string,
  stderr: string,
): MigrationOutcome {
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as MigrationOutcome;
  } catch {
    return { service, error: stderr.trim() || failure?.message || 'it said nothing' };
  }
}
