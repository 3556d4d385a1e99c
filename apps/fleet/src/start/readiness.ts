import { setTimeout as sleep } from 'node:timers/promises';

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 50;

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
