import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyedQueue } from './keyed-queue.js';

interface Task {
  key: string;
  index: number;
}

/** A queue whose tasks end when the test says so. */
function controlledQueue(concurrency: number) {
  const started: Task[] = [];
  const running = new Map<Task, () => void>();
  const queue = new KeyedQueue<Task>(
    concurrency,
    (task) =>
      new Promise((resolve) => {
        started.push(task);
        running.set(task, resolve);
      }),
  );
  const finish = async (task: Task): Promise<void> => {
    running.get(task)!();
    running.delete(task);
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { queue, started, running, finish };
}

describe('KeyedQueue', () => {
  it('runs every task once, those of a key in order and never two at once, within the bound', async () => {
    const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        keys,
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.nat()),
        async (order, bound, choices) => {
          const { queue, started, running, finish } = controlledQueue(bound);
          order.forEach((key, index) => queue.push(key, { key, index }));
          while (running.size > 0) {
            const active = [...running.keys()];
            expect(active.length).toBeLessThanOrEqual(bound);
            expect(new Set(active.map((task) => task.key)).size).toBe(active.length);
            await finish(active[choices.next().value % active.length]!);
          }
          expect(queue.size).toBe(0);
          for (const key of new Set(order)) {
            const expected = order.flatMap((other, index) => (other === key ? [index] : []));
            expect(started.filter((task) => task.key === key).map((task) => task.index)).toEqual(
              expected,
            );
          }
        },
      ),
    );
  });

  it('lets keys take turns, so that a long one does not starve the others', async () => {
    const { queue, started, finish } = controlledQueue(1);
    for (const [index, key] of ['a', 'a', 'a', 'b'].entries()) queue.push(key, { key, index });
    await finish(started[0]!);
    expect(started.map((task) => task.key)).toEqual(['a', 'b']);
  });

  it('gives back what has not begun and nothing else', async () => {
    const { queue, started, finish } = controlledQueue(1);
    for (const [index, key] of ['a', 'a', 'b'].entries()) queue.push(key, { key, index });
    expect(queue.withdraw().map((task) => task.index)).toEqual([1, 2]);
    expect(queue.size).toBe(1);
    const empty = queue.shrunkTo(0);
    await finish(started[0]!);
    await empty;
    expect(started).toHaveLength(1);
    queue.push('a', { key: 'a', index: 3 });
    expect(started.at(-1)?.index).toBe(3);
  });
});
