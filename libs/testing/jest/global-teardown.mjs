const GRACE_MS = 5_000;

/** Ends what global setup has started and tests have left behind, and jest itself if a failed test left something open. */
export default async function globalTeardown() {
  await globalThis.endTestRun?.();
  setTimeout(() => process.exit(), GRACE_MS).unref();
}
