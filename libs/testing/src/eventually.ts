import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What `attempt` returns as soon as it neither throws nor answers false: the way to wait for something without guessing how long.
 * @throws Error with the last refusal when `timeoutMs` (30 s: a machine may have ten times as much to do) have passed
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  options: { timeoutMs?: number; everyMs?: number } = {},
): Promise<Exclude<T, false>> {
  const { timeoutMs = 30_000, everyMs = 20 } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const outcome = await tried(attempt);
    if ('value' in outcome) return outcome.value as Exclude<T, false>;
    if (performance.now() + everyMs >= deadline) {
      throw new Error(`not within ${timeoutMs} ms: ${message(outcome.refusal)}`, {
        cause: outcome.refusal,
      });
    }
    await sleep(everyMs);
  }
}

async function tried<T>(
  attempt: () => T | Promise<T>,
): Promise<{ value: T } | { refusal: unknown }> {
  try {
    const value = await attempt();
    return value === false ? { refusal: 'still false' } : { value };
  } catch (refusal) {
    return { refusal };
  }
}

function message(refusal: unknown): string {
  return refusal instanceof Error ? refusal.message : String(refusal);
}
