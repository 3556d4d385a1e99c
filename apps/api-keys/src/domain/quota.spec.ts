import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { periodOf, unitsToGrant } from './quota.js';

describe('periodOf', () => {
  it.each([
    ['day', '2026-02-28T23:59:59.999Z', '2026-02-28', '2026-03-01'],
    ['day', '2026-03-01T00:00:00.000Z', '2026-03-01', '2026-03-02'],
    ['month', '2026-12-31T23:59:59.999Z', '2026-12-01', '2027-01-01'],
  ] as const)('of a %s around %s is from %s to %s', (interval, at, start, end) => {
    expect(periodOf(interval, new Date(at))).toEqual({
      start: new Date(start),
      end: new Date(end),
    });
  });
});

describe('unitsToGrant', () => {
  it('gives no more than there are, and all that is needed while there are enough', () => {
    const count = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(count, count, count, (limit, taken, needed) => {
        const units = unitsToGrant(limit, taken, needed);
        const left = Math.max(0, limit - taken);
        expect(units).toBeLessThanOrEqual(left);
        expect(units).toBeGreaterThanOrEqual(Math.min(left, needed));
      }),
    );
  });

  it('gives the last hundred one by one', () => {
    expect(unitsToGrant(100, 1, 1)).toBe(1);
    expect(unitsToGrant(50, 0, 1)).toBe(1);
    expect(unitsToGrant(1_000_000, 0, 1)).toBe(100);
  });
});
