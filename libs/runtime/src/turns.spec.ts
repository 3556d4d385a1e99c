import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

describe('Turns', () => {
  it('are taken in the order of arrival, one at a time, whatever became of the one before', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await turn();
      log.push(`${name} ends`);
      if (name === 'a') throw new Error('a fails');
      return name;
    };

    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) => turns.take('k', work(name))),
    );

    expect(outcomes).toMatchObject([{ status: 'rejected' }, { value: 'b' }, { value: 'c' }]);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('under another key wait for nobody', async () => {
    const turns = new Turns();
    const open = Promise.withResolvers<void>();
    const first = turns.take('k', () => open.promise);

    expect(await turns.take('other', () => Promise.resolve('at once'))).toBe('at once');

    open.resolve();
    await first;
  });

  it('leave nothing behind', async () => {
    const turns = new Turns();
    await Promise.allSettled(
      ['k', 'k', 'l'].map((key) => turns.take(key, () => Promise.reject(new Error('no')))),
    );
    await turn();

    expect(turns).toEqual(new Turns());
  });
});
