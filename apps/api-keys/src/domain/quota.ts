import type { QuotaInterval } from '@flotilla/contracts/api-keys';

/** Of what is left a gateway may be given this share beyond what it asks for, so that it need not ask for each request. */
const AHEAD = 0.01;
const MOST_AHEAD = 100;

/** The day or month of UTC that an instant is in. */
export function periodOf(interval: QuotaInterval, at: Date): { start: Date; end: Date } {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  if (interval === 'month') {
    return { start: new Date(Date.UTC(year, month)), end: new Date(Date.UTC(year, month + 1)) };
  }
  return {
    start: new Date(Date.UTC(year, month, day)),
    end: new Date(Date.UTC(year, month, day + 1)),
  };
}

/**
 * The units to give to somebody who needs some now: those, or what is left. From more than a hundred left some beyond, so
 * that the last hundred are spent by whoever comes first, wherever.
 */
export function unitsToGrant(limit: number, taken: number, needed: number): number {
  const left = Math.max(0, limit - taken);
  const ahead = Math.min(MOST_AHEAD, Math.floor(left * AHEAD));
  return Math.min(left, Math.max(needed, ahead));
}
