import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Pgbench } from '@flotilla/servers/pgbench';
import { migrateDatabase } from '../migrations.js';
import { CATALOGUE, ORDER } from './ceiling-sql.js';
import { ScratchDatabase } from './scratch-database.js';

const PRODUCTS = 1_000;
/** As many as the machine has cores would leave PostgreSQL none: one thread drives all clients. */
const THREADS = 1;

/**
 * What PostgreSQL itself can do on this machine: the two transactions of an order (`ceiling-sql.ts`), one order at a time on
 * each connection, on tables as the services' own migrations make them. Nothing else is between pgbench and the server.
 */
export class Ceiling {
  private constructor(
    private readonly pgbench: Pgbench,
    private readonly database: ScratchDatabase,
    private readonly directory: string,
  ) {}

  /** @throws Error when the tables cannot be made */
  static async prepare(pgbench: Pgbench, databaseUrl: string, run: string): Promise<Ceiling> {
    const database = await ScratchDatabase.make(databaseUrl, run, 'ceiling');
    const directory = mkdtempSync(join(tmpdir(), 'flotilla-ceiling-'));
    const ceiling = new Ceiling(pgbench, database, directory);
    try {
      for (const service of ['inventory', 'orders'] as const) {
        await database.useSchema(service);
        const { error } = await migrateDatabase(service, database.url);
        if (error !== undefined) throw new Error(`the ceiling's ${service} tables: ${error}`);
      }
      await database.execute(CATALOGUE.replace('$products', String(PRODUCTS)));
      writeFileSync(ceiling.script, ORDER.replace('$products', String(PRODUCTS)));
      return ceiling;
    } catch (error) {
      await ceiling.close();
      throw error;
    }
  }

  /** Orders per second; 0 where the machine had no time for a single one. @throws Error with what pgbench said */
  async measure(clients: number, seconds: number, signal: AbortSignal): Promise<number> {
    const url = new URL(this.database.url);
    const { stdout } = await promisify(execFile)(
      this.pgbench.file,
      [
        ...['--no-vacuum', '--protocol=prepared', `--file=${this.script}`],
        ...[`--client=${clients}`, `--jobs=${THREADS}`, `--time=${seconds}`],
      ],
      { env: { ...process.env, ...this.pgbench.env, ...connectionOf(url) }, signal },
    );
    const rate = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
    if (rate !== undefined) return Number(rate);
    if (/^number of transactions actually processed: 0$/m.test(stdout)) return 0;
    throw new Error(`pgbench gave no figure:\n${stdout}`);
  }

  async close(): Promise<void> {
    rmSync(this.directory, { recursive: true, force: true });
    await this.database.drop();
  }

  private get script(): string {
    return join(this.directory, 'order.sql');
  }
}

/** By the environment, so that the password stands in no list of processes. */
function connectionOf(url: URL): NodeJS.ProcessEnv {
  return {
    PGHOST: url.hostname,
    PGPORT: url.port,
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: decodeURIComponent(url.pathname.slice(1)),
  };
}
