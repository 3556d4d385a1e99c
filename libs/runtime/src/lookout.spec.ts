import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Lookout } from './lookout.js';

/** Longer than any test takes. */
const NEVER_MS = 600_000;

describe('a lookout', () => {
  let looks: number;
  let failures: unknown[];
  let look: () => boolean;
  let lookout: Lookout;
  beforeEach(() => {
    [looks, failures, look] = [0, [], () => false];
    lookout = new Lookout({
      everyMs: NEVER_MS,
      look: async () => {
        looks += 1;
        await turn();
        return look();
      },
      failed: (error) => failures.push(error),
    });
  });
  afterEach(() => lookout.stop());
  const settled = async () => {
    for (let turns = 0; turns < 20; turns += 1) await turn();
  };

  it('looks again at once while there is more, and then waits', async () => {
    look = () => looks < 5;
    lookout.start();
    await settled();
    expect(looks).toBe(5);
  });

  it('looks when it is woken, also for what comes while it looks, and never twice at once', async () => {
    lookout.start();
    lookout.wake();
    lookout.wake();
    await settled();
    expect(looks).toBe(2);
    lookout.wake();
    await settled();
    expect(looks).toBe(3);
  });

  it('is not hurried after a failure', async () => {
    look = () => {
      throw new Error('No.');
    };
    lookout.start();
    await settled();
    lookout.wake();
    await settled();
    expect([looks, failures]).toEqual([1, [new Error('No.')]]);
  });

  it('stops when the look under way has ended', async () => {
    lookout.start();
    await lookout.stop();
    lookout.wake();
    await settled();
    expect(looks).toBe(1);
  });
});
