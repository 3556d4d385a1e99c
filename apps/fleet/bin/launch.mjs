import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the working copy. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Makes a fresh clone ready to run: dependencies as the lock file says, sources built. Quick when nothing has changed.
 * Runs on any Node >= 20.19 with nothing installed; tells of its progress on stderr unless `quiet`.
 * @throws Error when npm or the compiler fails, after showing what they said
 */
export async function prepare({ quiet = false } = {}) {
  const tell = (what) => quiet || console.error(what);
  if (!isInstalled()) {
    tell('Installing dependencies (npm ci; a minute or two the first time) …');
    // Compiler and tests are development dependencies, which a NODE_ENV of production would leave out.
    run('npm', ['ci', '--include=dev', '--no-progress'], quiet);
  }
  if (!existsSync(join(root, 'apps/fleet/dist'))) tell('Building …');
  run(process.execPath, ['node_modules/typescript7/bin/tsc', '-b'], quiet);
}

/**
 * The Node 24 that everything after preparation runs on: this one if it is new enough, else the one among the dependencies.
 * @throws Error naming what to install where there is none
 */
export function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const bundled = join(root, 'node_modules/.bin/node');
  if (existsSync(bundled)) return bundled;
  throw new Error(
    `Flotilla runs on Node 24, this is ${process.version}, and there is none to bring along for ` +
      `${process.platform} on ${process.arch}. Install Node 24 (https://nodejs.org).`,
  );
}

/** Whether every package that the lock file demands is there in that version; npm writes the second file last. */
function isInstalled() {
  const locked = packages('package-lock.json');
  const present = packages('node_modules/.package-lock.json');
  return Object.entries(locked).every(
    ([path, { version, optional }]) =>
      optional ||
      !path.includes('node_modules/') ||
      (present[path] !== undefined && present[path].version === version),
  );
}

function packages(lockFile) {
  const path = join(root, lockFile);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}

function run(program, args, quiet) {
  // On stderr: stdout belongs to the answer of the command that follows.
  const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2];
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd: root, stdio });
  if (status === 0) return;
  if (quiet) process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  const reason = error ? error.message : `exit code ${status}`;
  throw new Error(`${program} ${args.join(' ')} failed: ${reason}`);
}
