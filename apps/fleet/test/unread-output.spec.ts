import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@flotilla/testing/eventually';
import { testRun } from '@flotilla/testing/test-run';
import { expect, it } from '@jest/globals';
import { PROGRAM } from './actions.js';

it('a command whose output nobody reads finishes all the same, and leaves nothing running', async () => {
  const directory = testRun.directory('unread');
  const child = spawn(process.execPath, [PROGRAM, 'migrate', '--data', directory], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect(await once(child, 'exit')).toEqual([0, null]);
  const server = join(directory, 'postgres', 'postmaster.pid');
  await eventually(() => !existsSync(server));
});
