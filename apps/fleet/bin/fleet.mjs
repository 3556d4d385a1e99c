#!/usr/bin/env node
/**
 * The command line. Runs on any Node >= 20.19 with nothing installed: makes the clone ready, then hands over to Node 24.
 */
import { spawn } from 'node:child_process';
import { setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { node24, prepare } from './launch.mjs';

try {
  await prepare();
} catch (error) {
  console.error(`fleet: ${error.message}`);
  process.exit(1);
}

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const child = spawn(node24(), ['--enable-source-maps', main, ...process.argv.slice(2)], {
  // The channel tells it when we are no more, whatever has ended us.
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
// npm does not pass on the signal that ends it, so its end has to be noticed.
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 500).unref();
}
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
child.on('exit', (code) => process.exit(code ?? 1));
