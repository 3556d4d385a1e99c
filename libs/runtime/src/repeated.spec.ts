import { describe, expect, it } from '@jest/globals';
import { Repeated } from './repeated.js';

describe('Repeated', () => {
  it('runs again and again, one run at a time, also after one that failed', async () => {
    const failures: unknown[] = [];
    const enough = Promise.withResolvers<void>();
    let runs = 0;
    let atOnce = 0;
    const repeated = new Repeated(
      1,
      async () => {
        expect((atOnce += 1)).toBe(1);
        await new Promise(setImmediate);
        atOnce -= 1;
        if ((runs += 1) === 5) enough.resolve();
        if (runs === 2) throw new Error('the second');
      },
      (error) => failures.push(error),
    );

    repeated.start();
    await enough.promise;
    await repeated.stop();

    expect(failures).toEqual([new Error('the second')]);
  });

  it('ends with the run under way, which may hear of it, and without the pause', async () => {
    const log: string[] = [];
    const repeated = new Repeated(
      3_600_000,
      async (signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        log.push('the run ends');
      },
      () => undefined,
    );

    repeated.start();
    await repeated.stop();
    log.push('stopped');

    expect(log).toEqual(['the run ends', 'stopped']);
  });

  it('that never started stops at once', async () => {
    const never = new Repeated(1, () => Promise.reject(new Error('ran')), fail);
    await expect(never.stop()).resolves.toBeUndefined();
  });
});

function fail(error: unknown): never {
  throw error;
}
