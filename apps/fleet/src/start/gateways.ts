import { setTimeout as sleep } from 'node:timers/promises';
import type { Output } from '../output.js';
import { nextFreePort } from './ports.js';
import { gatewaySpec, type Surroundings } from './process-specs.js';
import type { Supervisor } from './supervisor.js';

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
/** How often another program may be quicker to take a port that was free. */
const ATTEMPTS = 5;

/** Starts gateways on the free ports from `firstPort` on; returns their URLs. */
export async function startGateways(
  around: Surroundings,
  supervisor: Supervisor,
  firstPort: number,
  count: number,
  output: Output,
): Promise<string[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const last = ports.at(-1);
    ports.push(await nextFreePort(last === undefined ? firstPort : last + 1));
  }
  if (firstPort !== 0 && ports[0] !== firstPort)
    output.step(`port ${firstPort} is taken, using ${ports[0]}`);
  const started = ports.map((port, index) => startGateway(around, supervisor, index, port));
  return (await Promise.all(started)).map((port) => `http://localhost:${port}`);
}

async function startGateway(
  around: Surroundings,
  supervisor: Supervisor,
  index: number,
  wanted: number,
): Promise<number> {
  let port = wanted;
  for (let attempt = 1; ; attempt += 1) {
    const spec = gatewaySpec(around, index, port);
    try {
      await supervisor.start([spec]);
      return port;
    } catch (error) {
      await supervisor.discard(spec);
      const isTaken = error instanceof Error && error.message.includes('EADDRINUSE');
      if (!isTaken || attempt === ATTEMPTS) throw error;
      port = await nextFreePort(port + 1);
    }
  }
}

/** Waits until all gateways say that they can serve. @throws Error with what is not ready after a minute */
export async function waitUntilReady(urls: readonly string[]): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (const url of urls) {
    for (;;) {
      const answer = await readiness(url);
      if (answer === 'ready') break;
      if (performance.now() > deadline) throw new Error(`${url} is not ready: ${answer}`);
      await sleep(POLL_MS);
    }
  }
}

async function readiness(url: string): Promise<string> {
  try {
    const response = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(2_000) });
    return response.ok ? 'ready' : await response.text();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
