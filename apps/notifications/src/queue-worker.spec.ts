import { eventually } from '@flotilla/testing/eventually';
import { afterEach, describe, expect, it } from '@jest/globals';
import { QueueWorker } from './queue-worker.js';

/** Longer than any test takes. */
const NEVER_MS = 600_000;

describe('a worker', () => {
  let worker: QueueWorker<number>;
  /** Pieces that are worked on, with what ends that. */
  const working = new Map<number, () => void>();
  const queue: number[] = [];
  const failures: unknown[] = [];
  let most = 0;
  let isAway = false;

  function start(everyMs = NEVER_MS): void {
    worker = new QueueWorker<number>({
      atOnce: 3,
      everyMs,
      gatherMs: 1,
      claim: (room) => {
        if (isAway) return Promise.reject(new Error('Away.'));
        return Promise.resolve(queue.splice(0, room));
      },
      work: (piece) =>
        new Promise<void>((resolve) => {
          working.set(piece, resolve);
          most = Math.max(most, working.size);
        }).finally(() => working.delete(piece)),
      failed: (error) => failures.push(error),
    });
    worker.start();
  }
  afterEach(async () => {
    isAway = false;
    for (const end of working.values()) end();
    await worker.stop(NEVER_MS);
    [queue, failures].forEach((list) => list.splice(0));
    most = 0;
  });
  const at = () => [...working.keys()];

  it('takes the next as soon as there is room, whichever keeps it waiting', async () => {
    queue.push(1, 2, 3, 4, 5);
    start();
    await eventually(() => expect(at()).toEqual([1, 2, 3]));
    working.get(2)!();
    await eventually(() => expect(at()).toEqual([1, 3, 4]));
    working.get(4)!();
    await eventually(() => expect(at()).toEqual([1, 3, 5]));
    expect(most).toBe(3);
  });

  it('looks when it is woken, and every so often', async () => {
    start();
    queue.push(1);
    worker.wake();
    await eventually(() => expect(at()).toEqual([1]));
    await worker.stop(0);
    start(5);
    queue.push(2);
    await eventually(() => expect(at()).toContain(2));
  });

  it('goes on after a queue that was away', async () => {
    isAway = true;
    queue.push(1);
    start(5);
    await eventually(() => expect(failures).not.toEqual([]));
    expect(at()).toEqual([]);
    isAway = false;
    await eventually(() => expect(at()).toEqual([1]));
  });

  it('waits for what is under way when it is stopped, so long and no longer, and takes nothing more', async () => {
    queue.push(1);
    start();
    await eventually(() => expect(at()).toEqual([1]));
    await worker.stop(1);
    expect(at()).toEqual([1]);
    const stopped = worker.stop(NEVER_MS);
    queue.push(2);
    working.get(1)!();
    await stopped;
    expect([at(), queue]).toEqual([[], [2]]);
  });
});
