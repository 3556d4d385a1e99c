import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { currentContext, remainingMs, runInContext } from './request-context.js';

describe('runInContext', () => {
  it('keeps requests that run at the same time apart', async () => {
    const seen = await Promise.all(
      ['a', 'b', 'c'].map((requestId) =>
        runInContext({ requestId }, async () => {
          await turn();
          return currentContext()?.requestId;
        }),
      ),
    );
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(currentContext()).toBeUndefined();
  });
});

describe('remainingMs', () => {
  it('counts down to the deadline and past it', () => {
    const late = { requestId: 'a', deadline: performance.now() - 5 };
    const early = { requestId: 'b', deadline: performance.now() + 60_000 };
    expect(remainingMs(late)).toBeLessThan(0);
    expect(remainingMs(early)).toBeGreaterThan(50_000);
  });

  it('is endless without a deadline or a request', () => {
    expect(remainingMs({ requestId: 'a' })).toBe(Infinity);
    expect(remainingMs(undefined)).toBe(Infinity);
  });
});
