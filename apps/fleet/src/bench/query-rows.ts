import pg from 'pg';
import { adminDatabaseUrl } from '../database-names.js';
import type { StatefulService } from '../services.js';

/** The rows of a statement in the database of a service, of the fleet whose base is at this URL. */
export async function queryRows<Row extends object>(
  databaseUrl: string,
  service: StatefulService,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: adminDatabaseUrl(databaseUrl, service) });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Row[];
  } finally {
    await client.end();
  }
}
