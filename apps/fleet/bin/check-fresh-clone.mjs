#!/usr/bin/env node
/**
 * What a new user does: an empty clone, `npm start` on a PATH without nats-server, redis-server or postgres, the printed
 * curl line, one journey, `verify`, Ctrl-C; then a second start that keeps its data. Times are printed, not judged.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const HIDDEN = ['nats-server', 'redis-server', 'postgres', 'pg_ctl', 'initdb'];
const box = mkdtempSync(join(tmpdir(), 'flotilla-fresh-'));
const clone = join(box, 'flotilla');
const env = { ...process.env, PATH: pathWithoutServers(), HOME: join(box, 'home') };
for (const name of ['DATABASE_URL', 'NATS_URL', 'REDIS_URL', 'NODE_OPTIONS']) delete env[name];
mkdirSync(env.HOME);

/** The PATH of a machine without the servers: directories that have one are shadowed by links to all else in them. */
function pathWithoutServers() {
  return process.env.PATH.split(delimiter)
    .filter(
      (directory) => existsSync(directory) && !directory.startsWith(join(root, 'node_modules')),
    )
    .map((directory, index) => {
      const entries = readdirSync(directory);
      if (!entries.some((entry) => HIDDEN.includes(entry))) return directory;
      const shadow = join(box, `path-${index}`);
      mkdirSync(shadow);
      for (const entry of entries) {
        if (!HIDDEN.includes(entry)) symlinkSync(join(directory, entry), join(shadow, entry));
      }
      return shadow;
    })
    .join(delimiter);
}

/** `npm start` until the fleet is ready: its description, everything it printed, and how to end it. */
async function start() {
  const began = Date.now();
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
  }
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const ready = () => /^\s*curl /m.test(output) && existsSync(join(clone, '.flotilla/fleet.json'));
  while (!ready()) {
    assert.equal(child.exitCode, null, 'npm start ended before the fleet was ready');
    assert.ok(Date.now() - began < 600_000, 'npm start was not ready within ten minutes');
    await pause(100);
  }
  const fleet = JSON.parse(readFileSync(join(clone, '.flotilla/fleet.json'), 'utf8'));
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  const stop = async () => {
    process.kill(-child.pid, 'SIGINT');
    assert.equal(await exited, 0, 'npm start did not end with 0 after Ctrl-C');
    const left = fleet.processes.filter(({ pid }) => isAlive(pid));
    assert.deepEqual(left, [], 'processes were left behind');
  };
  return { fleet, output, seconds, stop, kill: () => process.kill(-child.pid, 'SIGKILL') };
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function call(fleet, method, path, body, headers = {}) {
  const response = await fetch(`${fleet.url}/api/v1${path}`, {
    method,
    headers: { 'x-api-key': fleet.apiKey, 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

async function journey(fleet) {
  const csv = 'sku,name,price_amount,price_currency,on_hand\nFRESH-1,"Mug, large",1250,EUR,5\n';
  const imported = await call(fleet, 'POST', '/inventory/import', csv, {
    'content-type': 'text/csv',
  });
  assert.equal(imported.accepted, 1);
  const body = JSON.stringify({ items: [{ sku: 'FRESH-1', quantity: 2 }] });
  const order = await call(fleet, 'POST', '/orders', body, { 'idempotency-key': 'fresh-clone' });
  assert.equal(order.status, 'confirmed');
  assert.deepEqual(await call(fleet, 'GET', `/orders/${order.id}`), order);
  const events = await call(fleet, 'GET', `/orders/${order.id}/events`);
  assert.deepEqual(
    events.data.map(({ version }) => version),
    [1],
  );
  assert.equal((await call(fleet, 'GET', '/inventory/FRESH-1')).available, 3);
}

/** The line a reader would paste, continued lines included. */
function printedCurl(output) {
  return /^\s*(curl (?:.*\\\n)*.*)$/m.exec(output)[1];
}

let running;
try {
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', root, clone]);
  running = await start();
  const status = execFileSync(
    'sh',
    ['-c', `${printedCurl(running.output)} -s -o /dev/null -w '%{http_code}'`],
    { encoding: 'utf8' },
  );
  assert.match(status, /^20[01]$/, `the printed curl line answered ${status}`);
  await journey(running.fleet);
  execFileSync('npm', ['run', '--silent', 'fleet', '--', 'verify'], {
    cwd: clone,
    env,
    stdio: 'inherit',
  });
  const first = running;
  await first.stop();
  running = await start();
  assert.equal(running.fleet.apiKey, first.fleet.apiKey, 'the second start made another key');
  assert.equal((await call(running.fleet, 'GET', '/inventory/FRESH-1')).available, 3);
  await running.stop();
  console.log(`fresh clone: first start ${first.seconds} s, second start ${running.seconds} s`);
  running = undefined;
} finally {
  running?.kill();
  rmSync(box, { recursive: true, force: true });
}
