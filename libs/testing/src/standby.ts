import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '@flotilla/servers/postgres';
import pg from 'pg';
import { eventually } from './eventually.js';
import { testRun } from './test-run.js';

/** A PostgreSQL server, and a second one that has confirmed every commit before its client hears of it. */
export interface ReplicatedPostgres {
  readonly primaryUrl: string;
  readonly standbyUrl: string;
  /** SIGKILL to the primary, as when its machine is lost; resolves when it is gone. */
  losePrimary(): Promise<void>;
  /** Makes the standby a primary that waits for nobody. */
  promote(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts both: a second or two. */
export async function replicatedPostgres(): Promise<ReplicatedPostgres> {
  const [dataDir, standbyDir] = [testRun.directory('primary'), testRun.directory('standby')];
  await (await startPostgres({ dataDir })).stop();
  // Of a server at rest a copy of its files, with their owners and rights, is a base backup.
  execFileSync('cp', ['-a', `${dataDir}/.`, standbyDir]);
  const primary = await startPostgres({ dataDir });
  follow(join(standbyDir, 'cluster'), primary.url);
  const standby = await startPostgres({ dataDir: standbyDir });
  await execute(primary.url, "ALTER SYSTEM SET synchronous_standby_names = '*'");
  await execute(primary.url, 'SELECT pg_reload_conf()');
  await eventually(async () => {
    const [row] = await execute<{ state: string }>(
      primary.url,
      'SELECT sync_state AS state FROM pg_stat_replication',
    );
    return row?.state === 'sync';
  });
  return {
    primaryUrl: primary.url,
    standbyUrl: standby.url,
    losePrimary: () => primary.kill(),
    promote: async () => void (await execute(standby.url, 'SELECT pg_promote()')),
    stop: async () => {
      await Promise.all([primary.stop(), standby.stop()]);
      for (const directory of [dataDir, standbyDir]) rmSync(directory, { recursive: true });
    },
  };
}

/** Tells the server of a cluster to follow another. */
function follow(cluster: string, primaryUrl: string): void {
  const { hostname, port, username, password } = new URL(primaryUrl);
  appendFileSync(
    join(cluster, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=${hostname} port=${port} user=${username} password=${password}'\n`,
  );
  const signal = join(cluster, 'standby.signal');
  writeFileSync(signal, '', { mode: 0o600 });
  const { uid, gid } = statSync(cluster);
  chownSync(signal, uid, gid);
}

async function execute<Row extends pg.QueryResultRow>(
  url: string,
  statement: string,
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
