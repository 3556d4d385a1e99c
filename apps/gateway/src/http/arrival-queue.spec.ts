import type { AppError } from '@flotilla/contracts/errors';
import { describe, expect, it, jest } from '@jest/globals';
import { ArrivalQueue } from './arrival-queue.js';

/** So many at once; tells whose turn it was, and what they were told. */
async function crowd(queue: ArrivalQueue, size: number, begin = (): void => undefined) {
  const begun: { n: number; stoodMs: number; refusal?: AppError }[] = [];
  await Promise.all(
    Array.from(
      { length: size },
      (_, n) =>
        new Promise<void>((resolve) => {
          queue.enter((stoodMs, refusal) => {
            begun.push({ n, stoodMs, refusal });
            begin();
            resolve();
          });
        }),
    ),
  );
  return begun;
}

describe('the queue of arrivals', () => {
  it('lets a few in at once', () => {
    const begin = jest.fn();
    const queue = new ArrivalQueue();
    for (let n = 0; n < 16; n += 1) queue.enter(begin);
    expect(begin).toHaveBeenCalledTimes(16);
  });

  it('hears what else happens while a crowd comes in', async () => {
    let heard: number | undefined;
    let begun = 0;
    setImmediate(() => (heard = begun));
    await crowd(new ArrivalQueue(), 1_000, () => void (begun += 1));
    expect(heard).toBeLessThan(50);
  });

  it('keeps the order in which they came, and forgets nobody', async () => {
    const begun = await crowd(new ArrivalQueue(), 1_000);
    expect(begun.map(({ n }) => n)).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
  });

  it('refuses those who would be kept for more than a second, and nobody after them', async () => {
    const queue = new ArrivalQueue();
    const clock = jest.spyOn(performance, 'now');
    clock.mockReturnValue(8_000);
    const coming = crowd(queue, 40);
    clock.mockReturnValue(10_000);
    const begun = await coming;
    clock.mockRestore();
    const refused = begun.filter(({ refusal }) => refusal);
    expect(refused.map(({ n }) => n)).toEqual(Array.from({ length: 24 }, (_, n) => 16 + n));
    expect(refused[0]!.refusal).toMatchObject({ code: 'unavailable' });
    expect(await crowd(queue, 1)).toEqual([{ n: 0, stoodMs: 0, refusal: undefined }]);
  });

  it('tells each how long it stood, of which nobody may make use any more', async () => {
    const clock = jest.spyOn(performance, 'now');
    clock.mockReturnValue(8_000);
    const coming = crowd(new ArrivalQueue(), 17);
    clock.mockReturnValue(8_700);
    const begun = await coming;
    clock.mockRestore();
    expect(begun.map(({ stoodMs }) => stoodMs)).toEqual([...Array<number>(16).fill(0), 700]);
  });
});
