import { describe, expect, it } from '@jest/globals';
import { type Attempt, GIVE_UP_AFTER_MS, judge, type Verdict } from './attempts.js';

const STARTED = new Date('2026-03-01T00:00:00.000Z');
const FAILED: Attempt = { status: 500, failure: null, durationMs: 3 };
const at = (ms: number) => new Date(STARTED.getTime() + ms);

const verdict = (attempt: Attempt, attempts = 1, afterMs = 0, random = 0.5): Verdict =>
  judge(attempt, attempts, { startedAt: STARTED, now: at(afterMs), random });

/** When each attempt of a delivery that never succeeds is made, in milliseconds, and how it ends. */
function course(random: number): { attemptsAt: number[]; end: Verdict } {
  const attemptsAt = [0];
  for (;;) {
    const now = attemptsAt.at(-1)!;
    const next = verdict(FAILED, attemptsAt.length, now, random);
    if (next.status !== 'pending') return { attemptsAt, end: next };
    attemptsAt.push(next.nextAt.getTime() - STARTED.getTime());
  }
}

describe('an attempt', () => {
  it.each([200, 201, 204, 299])('answered %d has delivered', (status) => {
    expect(verdict({ status, failure: null, durationMs: 1 })).toEqual({ status: 'delivered' });
  });

  it('answered 410 is the last, and its endpoint is gone', () => {
    const gone = verdict({ status: 410, failure: null, durationMs: 1 });
    expect(gone).toEqual({ status: 'dead', endpointIsGone: true });
  });

  it.each([100, 301, 302, 307, 400, 404, 429, 500, 503])('answered %d is made again', (status) => {
    expect(verdict({ status, failure: null, durationMs: 1 }).status).toBe('pending');
  });

  it.each(['time-out', 'no-connection', 'address-refused'] as const)(
    'that ended with %s is made again',
    (failure) => {
      expect(verdict({ status: null, failure, durationMs: 1 }).status).toBe('pending');
    },
  );

  it('is followed by the next after 5 s, 20 s, 80 s, and never more than 8 h', () => {
    const { attemptsAt } = course(0.5);
    const pauses = attemptsAt.slice(1).map((ms, index) => ms - attemptsAt[index]!);
    expect(pauses.slice(0, 3)).toEqual([5_000, 20_000, 80_000]);
    expect(Math.max(...pauses)).toBe(8 * 3_600_000);
  });

  it.each([0, 0.5, 0.999])(
    'is one of those of three days, and then there is none (%d)',
    (random) => {
      const { attemptsAt, end } = course(random);
      expect(end).toEqual({ status: 'dead', endpointIsGone: false });
      expect(attemptsAt.at(-1)).toBeLessThanOrEqual(GIVE_UP_AFTER_MS);
      expect(attemptsAt.at(-1)).toBeGreaterThan(GIVE_UP_AFTER_MS - 10 * 3_600_000);
      expect(attemptsAt.length).toBeGreaterThan(12);
    },
  );

  it('does not come back together with those it failed with', () => {
    const next = (random: number) => verdict(FAILED, 1, 0, random);
    expect(next(0)).toEqual({ status: 'pending', nextAt: at(3_750) });
    expect(next(1)).toEqual({ status: 'pending', nextAt: at(6_250) });
  });
});
