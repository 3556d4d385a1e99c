import { setImmediate as turn } from 'node:timers/promises';
import { AppError } from '@flotilla/contracts/errors';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BatchQueue } from './batch-queue.js';
import { currentContext, runInContext } from './request-context.js';

/** A queue whose batches end when the test says so; results are the items, doubled. */
function controlledQueue(cap?: number) {
  const batches: number[][] = [];
  let finish: ((error?: Error) => void) | undefined;
  const queue = new BatchQueue<number, number>((items) => {
    batches.push([...items]);
    return new Promise((resolve, reject) => {
      finish = (error) => (error ? reject(error) : resolve(items.map((item) => item * 2)));
    });
  }, cap);
  const end = async (error?: Error): Promise<void> => {
    const now = finish!;
    finish = undefined;
    now(error);
    await turn();
  };
  return { queue, batches, end, isRunning: () => finish !== undefined };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.code : (error as Error).message),
  );

describe('BatchQueue', () => {
  it('begins at once with an item that comes alone', async () => {
    const { queue, batches, end } = controlledQueue();
    const result = queue.add(1);
    expect(batches).toEqual([[1]]);
    await end();
    expect(await result).toBe(2);
  });

  it('takes what came while a batch ran as the next one, and never two at once', async () => {
    const { queue, batches, end } = controlledQueue();
    const results = [1, 2, 3].map((item) => queue.add(item));
    expect(batches).toEqual([[1]]);
    await end();
    expect(batches).toEqual([[1], [2, 3]]);
    await end();
    expect(await Promise.all(results)).toEqual([2, 4, 6]);
  });

  it('answers everybody with the result of his own, in the order of arrival, within the cap', async () => {
    const arrivals = fc.array(fc.nat(5), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 7 }), async (waves, cap) => {
        const { queue, batches, end, isRunning } = controlledQueue(cap);
        const results: Promise<number>[] = [];
        for (const wave of waves) {
          for (let index = 0; index < wave; index++) results.push(queue.add(results.length));
          if (isRunning()) await end();
        }
        while (isRunning()) await end();
        expect(await Promise.all(results)).toEqual(results.map((_, item) => item * 2));
        expect(batches.flat()).toEqual(results.map((_, item) => item));
        expect(Math.max(0, ...batches.map((batch) => batch.length))).toBeLessThanOrEqual(cap);
      }),
      { numRuns: 50 },
    );
  });

  it('lets poisoned items fail alone, whichever they are', async () => {
    const items = fc.array(fc.boolean(), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(items, async (poisoned) => {
        const queue = new BatchQueue<boolean, string>(async (batch) => {
          await Promise.resolve();
          if (batch.includes(true)) throw new Error('poisoned');
          return batch.map(() => 'well');
        });
        const answers = await Promise.all(
          poisoned.map((item) => queue.add(item).catch((error: Error) => error.message)),
        );
        expect(answers).toEqual(poisoned.map((item) => (item ? 'poisoned' : 'well')));
      }),
      { numRuns: 50 },
    );
  });

  it('does not ask once per item what is away', async () => {
    const { queue, batches, end } = controlledQueue();
    const results = [1, 2, 3].map((item) => codeOf(queue.add(item)));
    await end();
    await end(new AppError('unavailable', 'Away.', { details: { retryAfterSeconds: 1 } }));
    expect(await Promise.all(results)).toEqual(['answered', 'unavailable', 'unavailable']);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('leaves out what nobody waits for any more', async () => {
    const { queue, batches, end } = controlledQueue();
    const first = queue.add(1);
    const late = codeOf(
      runInContext({ requestId: 'late', deadline: performance.now() }, () => queue.add(2)),
    );
    const next = queue.add(3);
    await end();
    expect(batches).toEqual([[1], [3]]);
    await end();
    expect(await Promise.all([first, late, next])).toEqual([2, 'deadline-exceeded', 6]);
  });

  it('runs a batch in nobody’s request', async () => {
    const queue = new BatchQueue<string, unknown>(async (items) => {
      await Promise.resolve();
      return items.map(() => currentContext()?.requestId ?? null);
    });
    const mine = runInContext({ requestId: 'mine' }, () => queue.add('item'));
    expect(await mine).toBeNull();
  });

  it('is drained when the last answer is given', async () => {
    const { queue, end } = controlledQueue();
    await queue.drain();
    const results = [queue.add(1), queue.add(2)];
    let drained = false;
    const draining = queue.drain().then(() => (drained = true));
    await end();
    expect(drained).toBe(false);
    await end();
    await draining;
    expect(await Promise.all(results)).toEqual([2, 4]);
  });
});
