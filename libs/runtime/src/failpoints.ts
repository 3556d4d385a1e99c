import { readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

const directory = process.env['FLOTILLA_FAILPOINTS'];

/**
 * Sends the process a signal where it stands, if the directory `FLOTILLA_FAILPOINTS` has a file of this name that says
 * which: SIGKILL, as by a power cut, or SIGSTOP, as by a pause that lasts. Marks the places between two steps where that
 * must lose nothing. The first process to arrive takes the file away, so that one is hit once, and what replaces it is not.
 */
export function failpoint(name: string): void {
  if (directory === undefined) return;
  const signal = take(join(directory, name));
  if (signal !== undefined) process.kill(process.pid, signal);
}

/** What the file says, for the one process that manages to remove it. */
function take(path: string): string | undefined {
  try {
    const signal = readFileSync(path, 'utf8');
    unlinkSync(path);
    return signal;
  } catch {
    return undefined;
  }
}
