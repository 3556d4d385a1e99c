import { describe, expect, it } from '@jest/globals';
import { percentiles } from './load/percentiles.js';
import { type BenchReport, inWords, median, medians, thisMachine } from './report.js';

describe('the report', () => {
  it('has the median of each figure, also by process, and none that a round could not give', () => {
    const rounds = [
      { perSecond: 3, p50Ms: 1, byProcess: { orders: 5 }, statementsPerOp: 1 },
      { perSecond: 1, p50Ms: 9, byProcess: { orders: 7 }, statementsPerOp: undefined },
      { perSecond: 2, p50Ms: 2, byProcess: { orders: 6 }, statementsPerOp: 1 },
    ];
    expect(medians(rounds)).toEqual({ perSecond: 2, p50Ms: 2, byProcess: { orders: 6 } });
    expect(median([4, 1])).toBe(2.5);
  });

  it('says what half, 95 % and 99 % of the operations took at most', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(percentiles(values)).toEqual({ p50Ms: 100, p95Ms: 190, p99Ms: 198 });
    expect(percentiles([])).toEqual({ p50Ms: 0, p95Ms: 0, p99Ms: 0 });
  });

  it('is a table with the ratio to the ceiling and the zeros under it', () => {
    const report: BenchReport = {
      machine: thisMachine(),
      rounds: 3,
      products: 1_000,
      steal: 0.01,
      results: [{ mode: 'orders', concurrency: 8, perSecond: 1234.4, p50Ms: 6.51 }],
      ceiling: { perSecond: 2000 },
      ratioToCeiling: 0.62,
      ...{ oversold: 0, lost: 0, doubled: 1 },
    };
    const text = inWords(report);
    expect(text).toMatch(/^orders +8 +1234 +6\.5$/m);
    expect(text).toContain('orders reach 62 % of it');
    expect(text).toMatch(/oversold 0, lost 0, doubled 1$/);
    expect(inWords({ ...report, ceiling: null })).not.toContain('pgbench');
  });
});
