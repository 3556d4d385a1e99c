#!/usr/bin/env node
/**
 * `npm run check:compose`: the images and docker-compose.yml on a real engine: up, an administrator, one order through the
 * published port, `verify`, a stop in order, down; and, where there is a kubectl, that the manifests describe the same fleet.
 * DOCKER_COMPOSE names the command where it is not `docker compose`, PORT the port to publish.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { checkKubernetes } from './check-kubernetes.mjs';
import { root } from './launch.mjs';

const START_MS = 180_000;
/** After it Docker would kill. */
const STOP_MS = 10_000;

const [command, ...prefix] = (process.env.DOCKER_COMPOSE ?? 'docker compose').split(' ');
const { PORT = '3000' } = process.env;
const gateway = `http://127.0.0.1:${PORT}`;
const env = {
  ...process.env,
  PORT,
  PUBLIC_URL: `http://localhost:${PORT}`,
  COMPOSE_PROJECT_NAME: 'flotilla-check',
  FLOTILLA_BUILD_CONTEXT: join(root, '.flotilla/images'),
};

const run = (file, args, stdout) =>
  execFileSync(file, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'inherit'],
  });
const compose = (...args) => run(command, [...prefix, ...args], 'inherit');
const composed = (...args) => run(command, [...prefix, ...args], 'pipe').trim();
const fleet = (...args) => composed('run', '--rm', '-T', 'fleet', ...args);
const inspect = (id, what) => run('docker', ['inspect', '-f', `{{${what}}}`, id], 'pipe').trim();

/** Waits until the gateway says that everything behind it is there. */
async function ready() {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const answer = await fetch(`${gateway}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    assert.ok(Date.now() < deadline, `the fleet was not ready within ${START_MS} ms`);
    await pause(500);
  }
}

async function call(apiKey, method, path, body, headers = {}) {
  const response = await fetch(`${gateway}/api/v1${path}`, {
    method,
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

/** An administrator sells two of five mugs. */
async function placeAnOrder() {
  const { apiKey } = JSON.parse(fleet('admin', 'create', '--json'));
  const csv = 'sku,name,price_amount,price_currency,on_hand\nCOMPOSE-1,Mug,1250,EUR,5\n';
  const { accepted } = await call(apiKey, 'POST', '/inventory/import', csv, {
    'content-type': 'text/csv',
  });
  assert.equal(accepted, 1);
  const body = JSON.stringify({ items: [{ sku: 'COMPOSE-1', quantity: 2 }] });
  const order = await call(apiKey, 'POST', '/orders', body, { 'idempotency-key': 'compose' });
  assert.equal(order.status, 'confirmed');
  assert.equal((await call(apiKey, 'GET', '/inventory/COMPOSE-1')).available, 3);
}

/** Every check in the database holds, and it has looked at the order. */
function verify() {
  const { ok, checked } = JSON.parse(fleet('verify', '--json'));
  assert.equal(ok, true);
  assert.equal(checked.orders, 1);
}

/** The ids of our own containers by service, without the servers that we only use. */
function ownContainers() {
  const names = composed('config', '--services').split('\n');
  const ids = names
    .map((name) => [name, composed('ps', '-q', name)])
    .filter(([, id]) => id !== '' && inspect(id, '.Config.Image').startsWith('flotilla/'));
  return new Map(ids);
}

/** All are told at once, finish what they do, and leave with 0 before Docker would kill them. */
function stopsInOrder() {
  const containers = ownContainers();
  containers.delete('migrate');
  assert.equal(containers.size, 7);
  for (const [name, id] of containers) {
    assert.equal(inspect(id, '.State.Health.Status'), 'healthy', `${name} is not healthy`);
    assert.equal(inspect(id, '.Config.User'), '1000:1000', `${name} runs as another user`);
  }
  const started = Date.now();
  compose('stop', ...containers.keys());
  const tookMs = Date.now() - started;
  for (const [name, id] of containers) {
    assert.equal(inspect(id, '.State.ExitCode'), '0', `${name} did not leave in order`);
  }
  assert.ok(tookMs < STOP_MS, `stopping took ${tookMs} ms`);
  return tookMs;
}

checkKubernetes();
run(process.execPath, [join(root, 'apps/fleet/bin/images.mjs'), '--context-only'], 'inherit');
try {
  compose('build', '-q');
  compose('up', '-d');
  await ready();
  await placeAnOrder();
  verify();
  const tookMs = stopsInOrder();
  console.log(
    `compose: one order through the published port, verify clean, stopped in ${tookMs} ms`,
  );
} catch (error) {
  compose('ps');
  compose('logs', '--tail', '40');
  throw error;
} finally {
  compose('down', '--volumes', '--remove-orphans');
}
