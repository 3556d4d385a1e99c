import type {
  MigrationAction,
  MigrationClass,
  MigrationResult,
} from '@flotilla/runtime/migrations';
import { adminDatabaseUrl } from './database-names.js';
import { STATEFUL_SERVICES, type StatefulService } from './services.js';
import { grantRows } from './start/provision.js';

/** What became of a service's database: names of migrations, or what went wrong. */
export interface MigrationOutcome extends MigrationResult {
  service: StatefulService;
  error?: string;
}

/** Migrates the databases of services, all at once: none has anything to do with another. */
export async function migrate(
  adminUrl: string,
  services: readonly StatefulService[] = STATEFUL_SERVICES,
  action: MigrationAction = 'up',
): Promise<MigrationOutcome[]> {
  const outcomes = await Promise.all(
    services.map((service) =>
      migrateDatabase(service, adminDatabaseUrl(adminUrl, service), action),
    ),
  );
  if (outcomes.some(({ applied, pending }) => applied?.length && !pending))
    await grantRows(adminUrl);
  return outcomes;
}

/** Migrates one database to the schema of a service. */
export async function migrateDatabase(
  service: StatefulService,
  databaseUrl: string,
  action: MigrationAction = 'up',
): Promise<MigrationOutcome> {
  try {
    // TypeORM takes half a second to load; commands that migrate nothing do without.
    const [{ carryOut }, { migrations }] = await Promise.all([
      import('@flotilla/runtime/migrations'),
      import(`@flotilla/${service}/migrations`) as Promise<{ migrations: MigrationClass[] }>,
    ]);
    return { service, ...(await carryOut({ service, databaseUrl, migrations }, action)) };
  } catch (error) {
    return { service, error: error instanceof Error ? error.message : String(error) };
  }
}
