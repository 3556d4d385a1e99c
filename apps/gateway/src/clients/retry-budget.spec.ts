import { describe, expect, it } from '@jest/globals';
import { RetryBudget } from './retry-budget.js';

describe('RetryBudget', () => {
  it('never lets more than a fifth of the calls be repeated in the long run', () => {
    const budget = new RetryBudget();
    let retries = 0;
    for (let call = 0; call < 10_000; call += 1) {
      budget.countCall();
      if (budget.tryRetry()) retries += 1;
    }
    expect(retries).toBeGreaterThanOrEqual(2_000);
    expect(retries).toBeLessThanOrEqual(2_010);
  });

  it('does not save up more than one burst', () => {
    const budget = new RetryBudget();
    for (let call = 0; call < 10_000; call += 1) budget.countCall();
    let retries = 0;
    while (budget.tryRetry()) retries += 1;
    expect(retries).toBe(10);
  });
});
