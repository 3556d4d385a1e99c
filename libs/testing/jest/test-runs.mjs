import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A run's directory is named after this and the pid of its jest. */
export const PREFIX = 'flotilla-test-';

/** Ends whatever runs in a test run's directory, whole fleets first, and removes the directory. */
export async function endTestRun(directory) {
  const { end } = await import('../../servers/dist/process-identity.js');
  const records = recordsIn(directory, 2);
  for (const { starter } of records) {
    if (starter && starter.pid !== process.pid) await end(starter, ['SIGTERM'], 20_000);
  }
  for (const { server } of records) {
    if (server) await end(server, ['SIGQUIT'], 5_000);
  }
  rmSync(directory, { recursive: true, force: true });
}

/** What the servers below this directory have recorded of themselves. */
function recordsIn(directory, depth) {
  const record = join(directory, 'server.json');
  if (existsSync(record)) return [JSON.parse(readFileSync(record, 'utf8'))];
  if (depth === 0) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => recordsIn(join(directory, entry.name), depth - 1));
}

/** Ends the runs whose jest was killed before it could. */
export async function endAbandonedTestRuns() {
  const { identify } = await import('../../servers/dist/process-identity.js');
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) && Number(name.slice(PREFIX.length).split('-')[0]);
    const directory = join(tmpdir(), name);
    if (pid && !identify(pid) && isOurs(directory)) await endTestRun(directory);
  }
}

/** Other users of the machine run tests too; two of our own sweeps may meet. */
function isOurs(directory) {
  return statSync(directory, { throwIfNoEntry: false })?.uid === process.getuid?.();
}
