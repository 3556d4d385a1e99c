import type { DeliveryFailure } from '@flotilla/contracts/webhooks';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const FIRST_PAUSE_MS = 5 * SECOND_MS;
const GROWTH = 4;
const LONGEST_PAUSE_MS = 8 * HOUR_MS;
/** An event is given up so long after it was to be delivered first. */
export const GIVE_UP_AFTER_MS = 72 * HOUR_MS;

/** What came of sending a message: the HTTP status of the answer, or why there was none. */
export type Attempt = { durationMs: number } & (
  { status: number; failure: null } | { status: null; failure: DeliveryFailure }
);

/** What becomes of a delivery after an attempt. */
export type Verdict =
  | { status: 'delivered' }
  | { status: 'dead'; endpointIsGone: boolean }
  | { status: 'pending'; nextAt: Date };

/**
 * Whether an attempt was the last one, and when the next one is: 5 s, 20 s, 80 s … 8 h after it, each up to a quarter
 * sooner or later so that what failed together does not come back together. After three days the delivery is dead.
 * @param attempts so far, this one included
 * @param random from 0 to 1
 */
export function judge(
  attempt: Attempt,
  attempts: number,
  { startedAt, now, random }: { startedAt: Date; now: Date; random: number },
): Verdict {
  if (attempt.status !== null && attempt.status >= 200 && attempt.status < 300) {
    return { status: 'delivered' };
  }
  // RFC 9110 §15.5.11: it is not there any more, and that is likely to be for good.
  if (attempt.status === 410) return { status: 'dead', endpointIsGone: true };
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * GROWTH ** Math.min(attempts - 1, 20));
  const nextAt = new Date(now.getTime() + Math.round(pauseMs * (0.75 + random / 2)));
  return nextAt.getTime() - startedAt.getTime() > GIVE_UP_AFTER_MS
    ? { status: 'dead', endpointIsGone: false }
    : { status: 'pending', nextAt };
}
