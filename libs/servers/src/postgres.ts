import { spawn, type SpawnOptions } from 'node:child_process';
import { chownSync, closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { Client } from 'pg';
import { launch, type RunningServer } from './child-process.js';
import { postgresPrograms, type PostgresPrograms } from './postgres-binaries.js';
import { ServerDirectory } from './server-directory.js';

export interface PostgresOptions {
  dataDir: string;
  /** Insisted on when given; else the last one of this directory if it is free, else any. */
  port?: number;
  /** False gives up safety against loss of power (not of the process) for speed: for tests only. */
  durable?: boolean;
  /** Told what takes its time, in a few words. */
  onProgress?: (what: string) => void;
  /** Gives up when aborted before it is ready. */
  signal?: AbortSignal;
}

/**
 * Starts PostgreSQL on 127.0.0.1, making its cluster the first time (UTF-8, SCRAM, a generated password in a file of mode 0600).
 * @throws ServerInUse, Error with the server's log when it does not start
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningServer> {
  const directory = await ServerDirectory.open(options.dataDir);
  const programs = postgresPrograms();
  const durable = options.durable ?? true;
  if (!directory.record.initialised) {
    options.onProgress?.('making a PostgreSQL cluster');
    await makeCluster(directory, programs, durable);
  }
  const cluster = directory.file('cluster');
  const url = (port: number) =>
    `postgresql://postgres:${directory.record.password}@127.0.0.1:${port}/postgres`;
  options.onProgress?.('starting PostgreSQL');
  return launch({
    directory,
    port: options.port,
    command: (port) => ({
      file: programs.postgres,
      args: ['-D', seenFromInside(cluster, programs), ...settings(port, durable)],
      options: { cwd: cluster, ...programs.account },
    }),
    url,
    isReady: (port) => answers(url(port)),
    // Fast shutdown, then immediate: it recovers from its log at the next start.
    stopSignals: ['SIGINT', 'SIGQUIT'],
    signal: options.signal,
  });
}

function settings(port: number, durable: boolean): string[] {
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: durable ? '128MB' : '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function makeCluster(
  directory: ServerDirectory,
  programs: PostgresPrograms,
  durable: boolean,
): Promise<void> {
  const cluster = directory.file('cluster');
  // Only ever a rest of an attempt that was interrupted: a complete cluster is recorded as such.
  rmSync(cluster, { recursive: true, force: true });
  mkdirSync(cluster, { mode: 0o700 });
  const passwordFile = directory.file('password');
  writeFileSync(passwordFile, `${directory.record.password}\n`, { mode: 0o600 });
  if (programs.account) {
    const { uid, gid } = programs.account;
    for (const path of [cluster, passwordFile]) chownSync(path, uid, gid);
  }
  const password = openSync(passwordFile, 'r');
  try {
    await run(
      directory,
      programs.initdb,
      [
        `--pgdata=${seenFromInside(cluster, programs)}`,
        '--username=postgres',
        '--pwfile=/dev/stdin',
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C.UTF-8',
        ...(durable ? [] : ['--no-sync']),
      ],
      { cwd: cluster, stdio: [password, 'pipe', 'pipe'], ...programs.account },
    );
  } finally {
    closeSync(password);
    rmSync(passwordFile);
  }
  directory.save({ initialised: true });
}

/**
 * How the programs name their cluster. Run by root they are another user, to whom the directories above it may be
 * closed (a clone under /root): through their working directory, which root has entered for them, they need none of these.
 */
function seenFromInside(cluster: string, programs: PostgresPrograms): string {
  return programs.account ? '/proc/self/cwd' : cluster;
}

function run(
  directory: ServerDirectory,
  file: string,
  args: string[],
  options: SpawnOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, options);
    if (child.pid !== undefined) directory.saveProcess(child.pid);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${file} failed (${code ?? signal}):\n${output.trim()}`));
    });
  });
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
