/** How long after signing in somebody may change what signs in. */
const FRESH_MS = 10 * 60_000;

/** Whether somebody has signed in just now: who only finds a browser open has not. */
export function isFresh({ signedInAt }: { signedInAt: Date }, now: Date): boolean {
  return now.getTime() - signedInAt.getTime() < FRESH_MS;
}
