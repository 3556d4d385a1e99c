import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for `work` to settle, either way, but for `ms` milliseconds at most; true when it settled in time. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const giveUp = new AbortController();
  try {
    return await Promise.race([
      work.then(
        () => true,
        () => true,
      ),
      sleep(ms, false, { signal: giveUp.signal }),
    ]);
  } finally {
    giveUp.abort();
  }
}

/** Waits `ms` milliseconds, or until the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
