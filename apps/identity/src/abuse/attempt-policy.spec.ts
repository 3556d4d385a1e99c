import { describe, expect, it } from '@jest/globals';
import { LINK_MINUTES } from '../email-links/email-links.js';
import {
  ATTEMPT_POLICIES,
  type AttemptCounter,
  type AttemptPolicy,
  counted,
  forgiven,
} from './attempt-policy.js';

const START = new Date('2026-01-01T00:00:00Z');
const POLICY: AttemptPolicy = {
  burst: 3,
  forgetMs: 60_000,
  firstWaitMs: 1000,
  longestWaitMs: 10_000,
};
const FRESH: AttemptCounter = { level: 0, waitUntil: START, updatedAt: START };
const later = (ms: number) => new Date(START.getTime() + ms);

/** Failures without a pause; the waits after each, in milliseconds. */
function waits(failures: number): number[] {
  let counter = FRESH;
  return Array.from({ length: failures }, () => {
    counter = counted(counter, POLICY, START);
    return counter.waitUntil.getTime() - START.getTime();
  });
}

describe('the waits between attempts', () => {
  it('begin with the last of the burst, double, and have an end', () => {
    expect(waits(8)).toEqual([0, 0, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it('are finite however many failures there were', () => {
    const counter = counted({ ...FRESH, level: 1e9 }, POLICY, START);
    expect(counter.waitUntil).toEqual(later(10_000));
  });

  it('get shorter with time: one failure is forgotten each minute', () => {
    const four = { level: 4, waitUntil: START, updatedAt: START };
    expect(counted(four, POLICY, later(120_000)).level).toBe(3);
    expect(counted(four, POLICY, later(3_600_000)).level).toBe(1);
  });

  it('are not shortened by a clock that goes backwards', () => {
    expect(counted({ ...FRESH, level: 2 }, POLICY, later(-5000)).level).toBe(3);
  });
});

describe('the mails that anybody may ask for', () => {
  it('are never further apart than a link in one works, so that nobody is kept from having one', () => {
    expect(ATTEMPT_POLICIES.mail.longestWaitMs).toBeLessThanOrEqual(LINK_MINUTES * 60_000);
  });
});

describe('an attempt that turned out well', () => {
  it('leaves the counter as it was before', () => {
    const before = { level: 2, waitUntil: START, updatedAt: START };
    const charged = counted(before, POLICY, START);
    expect(forgiven(charged, charged, START)).toEqual(before);
  });

  it('does not end the wait that a failure of somebody else began meanwhile', () => {
    const charged = counted({ ...FRESH, level: 1 }, POLICY, START);
    const failed = counted(charged, POLICY, START);
    const after = forgiven(failed, charged, later(10));
    expect(after).toMatchObject({ level: 2, waitUntil: failed.waitUntil });
  });
});
