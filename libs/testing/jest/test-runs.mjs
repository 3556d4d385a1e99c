import { globSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A run's directory is named after this and the pid of its jest. */
export const PREFIX = 'flotilla-test-';

/** Ends every server that runs in a test run's directory and removes the directory. */
export async function endTestRun(directory) {
  const { end } = await import('../../servers/dist/process-identity.js');
  for (const file of globSync('{*,*/*}/server.json', { cwd: directory })) {
    const { server } = JSON.parse(readFileSync(join(directory, file), 'utf8'));
    if (server) await end(server, ['SIGQUIT'], 5_000);
  }
  rmSync(directory, { recursive: true, force: true });
}

/** Ends the runs whose jest was killed before it could. */
export async function endAbandonedTestRuns() {
  const { identify } = await import('../../servers/dist/process-identity.js');
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    if (!identify(pid)) await endTestRun(join(tmpdir(), name));
  }
}
