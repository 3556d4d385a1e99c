import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type AptCache, unpackedPackage } from './distribution-package.js';
import { findProgram, onPath } from './programs.js';

const execute = promisify(execFile);

export interface PgbenchSearch {
  /** Where a fetched program is kept for the next time. */
  cacheDir: string;
  /** Told what takes its time, in a few words. */
  onProgress?: (what: string) => void;
}

/** A pgbench that runs, and the variables it needs for that. */
export interface Pgbench {
  file: string;
  env: NodeJS.ProcessEnv;
}

/**
 * PostgreSQL's own load generator: from the PATH, else of a PostgreSQL that Debian installed, else from the distribution's
 * packages unpacked without root. Undefined where it cannot be had.
 */
export async function findPgbench(search: PgbenchSearch): Promise<Pgbench | undefined> {
  const installed =
    onPath('pgbench') ?? findProgram('pgbench', globSync('/usr/lib/postgresql/*/bin'));
  const found = installed ? { file: installed, env: {} } : await fromPackages(search);
  return found && (await runs(found)) ? found : undefined;
}

async function fromPackages(search: PgbenchSearch): Promise<Pgbench | undefined> {
  const unpacked = await unpackedPackage({ name: 'pgbench', packages: namesOf, ...search });
  if (!unpacked) return undefined;
  const file = findProgram('pgbench', globSync(join(unpacked, 'usr/lib/postgresql/*/bin')));
  const [library] = globSync(join(unpacked, 'usr/lib/*/libpq.so.5'));
  if (!file) return undefined;
  return { file, env: library ? { LD_LIBRARY_PATH: dirname(library) } : {} };
}

/** The server's package has pgbench; its name has the version that `postgresql` stands for. */
async function namesOf(aptCache: AptCache): Promise<readonly string[]> {
  const depends = await aptCache('depends', 'postgresql');
  const server = /postgresql-\d+/.exec(depends)?.[0];
  if (!server) throw new Error('The distribution has no PostgreSQL');
  return [server, 'libpq5'];
}

async function runs({ file, env }: Pgbench): Promise<boolean> {
  try {
    await execute(file, ['--version'], { env: { ...process.env, ...env } });
    return true;
  } catch {
    return false;
  }
}
