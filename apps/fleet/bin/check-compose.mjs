#!/usr/bin/env node
/**
 * `npm run check:compose`: the images and docker-compose.yml on a real engine: up, an administrator, one order through the
 * published port, `verify`, down. DOCKER_COMPOSE names the command where it is not `docker compose`.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const [command, ...prefix] = (process.env.DOCKER_COMPOSE ?? 'docker compose').split(' ');
const port = process.env.PORT ?? '3000';
const env = {
  ...process.env,
  PORT: port,
  COMPOSE_PROJECT_NAME: 'flotilla-check',
  FLOTILLA_BUILD_CONTEXT: join(root, '.flotilla/images'),
};

function compose(args, options = {}) {
  return execFileSync(command, [...prefix, ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: ['ignore', options.capture ? 'pipe' : 'inherit', 'inherit'],
  });
}

/** Waits, at most three minutes, until the gateway says that everything behind it is there. */
async function ready() {
  const deadline = Date.now() + 180_000;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    assert.ok(Date.now() < deadline, 'the fleet was not ready within three minutes');
    await pause(500);
  }
}

async function call(apiKey, method, path, body, headers = {}) {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    method,
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

execFileSync(process.execPath, [join(root, 'apps/fleet/bin/images.mjs'), '--context-only'], {
  stdio: 'inherit',
});
try {
  compose(['build', '-q']);
  compose(['up', '-d']);
  await ready();
  const admin = compose(['run', '--rm', '-T', 'fleet', 'admin', 'create', '--json'], {
    capture: true,
  });
  const { apiKey } = JSON.parse(admin);
  const csv = 'sku,name,price_amount,price_currency,on_hand\nCOMPOSE-1,Mug,1250,EUR,5\n';
  await call(apiKey, 'POST', '/inventory/import', csv, { 'content-type': 'text/csv' });
  const body = JSON.stringify({ items: [{ sku: 'COMPOSE-1', quantity: 2 }] });
  const order = await call(apiKey, 'POST', '/orders', body, { 'idempotency-key': 'compose' });
  assert.equal(order.status, 'confirmed');
  assert.equal((await call(apiKey, 'GET', '/inventory/COMPOSE-1')).available, 3);
  compose(['run', '--rm', '-T', 'fleet', 'verify']);
  console.log('compose: one order placed through the published port, verify clean');
} catch (error) {
  compose(['logs', '--tail', '40']);
  throw error;
} finally {
  compose(['down', '--volumes', '--remove-orphans']);
}
