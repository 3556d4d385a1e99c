import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

describe('eventually', () => {
  it('waits until the attempt neither throws nor is false', async () => {
    let attempts = 0;
    const outcome = await eventually(() => {
      attempts += 1;
      if (attempts === 1) throw new Error('not yet');
      return attempts === 2 ? false : 'there';
    });
    expect(outcome).toBe('there');
  });

  it('takes zero, empty and nothing for answers', async () => {
    expect(await eventually(() => 0)).toBe(0);
    expect(await eventually(() => '')).toBe('');
    expect(await eventually(() => undefined)).toBeUndefined();
  });

  it('gives up in time, with the last refusal', async () => {
    const failing = () => Promise.reject(new Error('no such row'));
    await expect(eventually(failing, { timeoutMs: 60 })).rejects.toThrow(
      'not within 60 ms: no such row',
    );
  });
});
