import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { charge, type Charges, PARTS } from './sliding-window.js';

describe('a sliding window', () => {
  it('admits its limit, then nothing until the time that it tells', () => {
    const charges: Charges = [];
    const window = { limit: 3, windowMs: 1_000 };
    for (const at of [0, 10, 20]) expect(charge(charges, at, window, 1).admitted).toBe(true);
    const refusal = charge(charges, 30, window, 1);
    expect(refusal).toMatchObject({ admitted: false, remaining: 0 });
    expect(charge(charges, 30 + refusal.resetMs - 1, window, 1).admitted).toBe(false);
    expect(charge(charges, 30 + refusal.resetMs, window, 1).admitted).toBe(true);
  });

  it('never admits more than its limit in any stretch of its length, and is exact about when', () => {
    const request = fc.record({
      gap: fc.integer({ min: 0, max: 700 }),
      units: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 200 }), (requests) => {
        const window = { limit: 10, windowMs: 1_000 };
        const charges: Charges = [];
        const admitted: { at: number; units: number }[] = [];
        let now = 0;
        for (const { gap, units } of requests) {
          now += gap;
          const verdict = charge(charges, now, window, units);
          if (verdict.admitted) admitted.push({ at: now, units });
          else
            expect(charge([...charges], now + verdict.resetMs, window, units).admitted).toBe(true);
          const within = admitted.filter(({ at }) => at > now - window.windowMs);
          expect(within.reduce((sum, one) => sum + one.units, 0)).toBeLessThanOrEqual(window.limit);
          expect(charges.length / 3).toBeLessThanOrEqual(PARTS + 1);
        }
      }),
    );
  });

  it('refusals cost nothing, and units that are given back may be taken again', () => {
    const charges: Charges = [];
    const window = { limit: 2, windowMs: 1_000 };
    charge(charges, 0, window, 2);
    for (let at = 1; at < 100; at += 1) charge(charges, at, window, 1);
    expect(charge(charges, 100, window, -1)).toMatchObject({ remaining: 1 });
    expect(charge(charges, 100, window, 1).admitted).toBe(true);
    expect(charge(charges, 100, window, 1).admitted).toBe(false);
    expect(charge([], 100, window, -1)).toMatchObject({ remaining: 2 });
  });

  it('units are given back that were charged at several times', () => {
    const charges: Charges = [];
    const window = { limit: 5, windowMs: 1_000 };
    for (const at of [0, 100, 200]) charge(charges, at, window, 1);
    expect(charge(charges, 300, window, -2)).toMatchObject({ remaining: 4 });
    expect(charge(charges, 300, window, -2)).toMatchObject({ remaining: 5 });
    expect(charges).toEqual([]);
  });
});
