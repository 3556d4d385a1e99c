import pg from 'pg';
import { adminDatabaseUrl, baseName, databaseName, withDatabase } from '../database-names.js';
import type { Secrets } from '../fleet-directory.js';
import { STATEFUL_SERVICES, type StatefulService } from '../services.js';

const UNDEFINED_DATABASE = '3D000';

/** The passwords of the services' roles: the environment's for all, where it names one, else generated ones. */
export function servicePasswords(
  secrets: Secrets,
  given: string | undefined,
): Record<StatefulService, string> {
  if (!given) return secrets.databasePasswords;
  return Object.fromEntries(STATEFUL_SERVICES.map((service) => [service, given])) as Record<
    StatefulService,
    string
  >;
}

/**
 * Gives every service a database and a role that may read and write rows in it, and not change its schema.
 * Repeating it sets right what differs and changes nothing else.
 */
export async function provision(
  adminUrl: string,
  passwords: Record<StatefulService, string>,
): Promise<void> {
  await ensureBaseDatabase(adminUrl);
  await connected(adminUrl, async (admin) => {
    for (const service of STATEFUL_SERVICES) {
      const name = databaseName(adminUrl, service);
      await ensureRole(admin, name, passwords[service]);
      await ensureDatabase(admin, name);
    }
  });
  await grantRows(adminUrl);
}

/** Gives every role its rights; once more when migrations have made the table that they note themselves in. */
export async function grantRows(adminUrl: string): Promise<void> {
  await Promise.all(
    STATEFUL_SERVICES.map((service) =>
      connected(adminDatabaseUrl(adminUrl, service), (admin) =>
        grantRowsTo(admin, databaseName(adminUrl, service)),
      ),
    ),
  );
}

/** A URL may name a database that is still to be made, as it does the first time. */
async function ensureBaseDatabase(adminUrl: string): Promise<void> {
  try {
    await connected(adminUrl, () => Promise.resolve());
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== UNDEFINED_DATABASE) throw error;
    const base = baseName(adminUrl);
    await connected(withDatabase(adminUrl, 'postgres'), (admin) => ensureDatabase(admin, base));
  }
}

async function ensureRole(admin: pg.Client, name: string, password: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  await admin.query(
    `${verb} ROLE ${admin.escapeIdentifier(name)} LOGIN PASSWORD ${admin.escapeLiteral(password)}`,
  );
}

async function ensureDatabase(admin: pg.Client, name: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(name)}`);
}

/** Rights on what exists, and on whatever the administrator's migrations will make. */
async function grantRowsTo(admin: pg.Client, name: string): Promise<void> {
  const role = admin.escapeIdentifier(name);
  const rows = 'SELECT, INSERT, UPDATE, DELETE ON';
  const statements = [
    `REVOKE ALL ON DATABASE ${role} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${role} TO ${role}`,
    'REVOKE ALL ON SCHEMA public FROM PUBLIC',
    `GRANT USAGE ON SCHEMA public TO ${role}`,
    `GRANT ${rows} ALL TABLES IN SCHEMA public TO ${role}`,
    `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ${rows} TABLES TO ${role}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ${role}`,
  ];
  for (const statement of statements) await admin.query(statement);
  // What has been migrated is for the administrator to say; a service only looks.
  const { rowCount } = await admin.query(
    "SELECT WHERE to_regclass('public.migrations') IS NOT NULL",
  );
  if (rowCount)
    await admin.query(`REVOKE INSERT, UPDATE, DELETE ON public.migrations FROM ${role}`);
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
