/** Ends what global setup has started, and what tests have left behind. */
export default async function globalTeardown() {
  await globalThis.endTestRun?.();
}
