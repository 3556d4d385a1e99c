import pg from 'pg';
import { baseName, withDatabase } from '../database-names.js';

/** A database on the fleet's own server, there for one measurement only. */
export class ScratchDatabase {
  private constructor(
    readonly url: string,
    private readonly adminUrl: string,
    private readonly name: string,
  ) {}

  /** `purpose`: lower-case letters. @throws the error of `pg` */
  static async make(adminUrl: string, run: string, purpose: string): Promise<ScratchDatabase> {
    const name = `${baseName(adminUrl)}_bench_${run}_${purpose}`;
    await execute(adminUrl, `CREATE DATABASE ${pg.escapeIdentifier(name)}`);
    return new ScratchDatabase(withDatabase(adminUrl, name), adminUrl, name);
  }

  /** Where statements find and make tables, from the next connection on. */
  async useSchema(schema: string): Promise<void> {
    await this.execute(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`);
    await execute(
      this.adminUrl,
      `ALTER DATABASE ${pg.escapeIdentifier(this.name)} SET search_path = ${pg.escapeIdentifier(schema)}`,
    );
  }

  execute<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
    return execute<Row>(this.url, text);
  }

  async drop(): Promise<void> {
    await execute(
      this.adminUrl,
      `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(this.name)} WITH (FORCE)`,
    );
  }
}

async function execute<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
