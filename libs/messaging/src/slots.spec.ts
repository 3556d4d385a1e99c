import { describe, expect, it } from '@jest/globals';
import { Slots } from './slots.js';

/** Lets what is ready run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Slots', () => {
  it('never lets more run than there are, and serves first who came first', async () => {
    const slots = new Slots(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((index) =>
      slots.use(() => {
        begun.push(index);
        return new Promise<void>((resolve) => (ends[index] = resolve));
      }),
    );
    await turn();
    expect(begun).toEqual([0, 1]);
    ends[1]!();
    await turn();
    expect(begun).toEqual([0, 1, 2]);
    ends[0]!();
    await turn();
    expect(begun).toEqual([0, 1, 2, 3]);
    ends[2]!();
    ends[3]!();
    await Promise.all(all);
  });

  it('gives a slot on after work that failed, and fails as it did', async () => {
    const slots = new Slots(1);
    const failed = slots.use(() => Promise.reject(new Error('mine')));
    await expect(failed).rejects.toThrow('mine');
    expect(await slots.use(() => Promise.resolve('next'))).toBe('next');
  });
});
