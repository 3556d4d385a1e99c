import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { FleetDirectory } from '../fleet-directory.js';

/** Says that the cache was written to the end; services then add what is new in them, and no more. */
const complete = (directory: FleetDirectory) => directory.file('cache', 'complete');

/**
 * The variables that let Node take what it compiled before, which halves the time a service needs to load. None until
 * there is a cache: each service would write all of its own when it ends, which takes seconds that a Ctrl-C has to wait.
 */
export function compileCache(directory: FleetDirectory): NodeJS.ProcessEnv {
  return existsSync(complete(directory)) ? { NODE_COMPILE_CACHE: directory.file('cache') } : {};
}

/**
 * Writes the cache where there is none and the environment names none, in a process that yields to all others and ends
 * with the signal.
 */
export function fillCompileCache(directory: FleetDirectory, signal: AbortSignal): void {
  if (process.env.NODE_COMPILE_CACHE || existsSync(complete(directory))) return;
  const program = fileURLToPath(new URL('./load-services.js', import.meta.url));
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, NODE_COMPILE_CACHE: directory.make('cache') },
    stdio: 'ignore',
    signal,
    killSignal: 'SIGKILL',
  });
  child.once('spawn', () => setPriority(child.pid!, constants.priority.PRIORITY_LOW));
  child.once('exit', (code) => code === 0 && writeFileSync(complete(directory), ''));
  // The next start tries again.
  child.once('error', () => undefined);
}
