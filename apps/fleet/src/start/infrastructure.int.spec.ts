import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { eventually } from '@flotilla/testing/eventually';
import { testRun } from '@flotilla/testing/test-run';
import { FleetDirectory } from '../fleet-directory.js';
import { Output } from '../output.js';
import { startInfrastructure } from './infrastructure.js';

const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

/** Is executed as a server, notes its pid, and never answers. */
const SILENT = (notes: string) => `#!/bin/sh\necho $$ >> ${notes}\nexec sleep 600\n`;

it('servers that do not get ready are given up, and ended, when nobody wants them any more', async () => {
  const directory = new FleetDirectory(testRun.directory('infrastructure'));
  const notes = join(directory.path, 'notes');
  writeFileSync(join(directory.path, 'nats-server'), SILENT(notes), { mode: 0o755 });
  process.env.PATH = `${directory.path}:${PATH}`;
  const stop = new AbortController();
  const external = { DATABASE_URL: testRun.databaseUrl };
  const starting = startInfrastructure(directory, external, new Output(true), stop.signal);
  starting.catch(() => undefined);
  const pid = () => Number(readFileSync(notes, 'utf8'));
  await eventually(() => pid() > 0);

  stop.abort(new Error('Ctrl-C'));

  await expect(starting).rejects.toThrow('Ctrl-C');
  expect(() => process.kill(pid(), 0)).toThrow('ESRCH');
});
