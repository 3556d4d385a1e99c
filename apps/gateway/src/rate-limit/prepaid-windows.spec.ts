import { describe, expect, it } from '@jest/globals';
import { LocalWindows } from './local-windows.js';
import { PrepaidWindows } from './prepaid-windows.js';
import type { Window } from './sliding-window.js';

/** Windows as Redis has them, on a clock of their own, that note every charge. */
function account() {
  const clock = { now: 0 };
  const windows = new LocalWindows(() => clock.now);
  const charged: number[] = [];
  const charge = (bucket: string, window: Window, units: number) => {
    charged.push(units);
    return Promise.resolve(windows.charge(bucket, window, units));
  };
  const gateway = () => new PrepaidWindows({ charge }, () => clock.now);
  return { clock, charged, gateway };
}

describe('prepaid windows', () => {
  it('charge small limits one by one', async () => {
    const { charged, gateway } = account();
    const one = gateway();
    for (let i = 0; i < 5; i += 1) await one.take('a', { limit: 999, windowMs: 60_000 });
    expect(charged).toEqual([1, 1, 1, 1, 1]);
  });

  it('admit exactly a large limit between several gateways that ask at once', async () => {
    const { charged, gateway } = account();
    const window = { limit: 2_000, windowMs: 60_000 };
    const gateways = [gateway(), gateway(), gateway()];
    const verdicts = await Promise.all(
      Array.from({ length: 6_000 }, (_, index) => gateways[index % 3]!.take('a', window)),
    );
    expect(verdicts.filter(({ admitted }) => admitted)).toHaveLength(2_000);
    expect(charged.length).toBeLessThan(2_500);
  });

  it('lose what they bought and did not spend in time, and never spend it twice', async () => {
    const { clock, charged, gateway } = account();
    const window = { limit: 100_000, windowMs: 60_000 };
    const one = gateway();
    await one.take('a', window);
    clock.now += 251;
    await one.take('a', window);
    expect(charged).toEqual([200, 200]);
  });

  it('give back into the block, or to where it was bought', async () => {
    const { clock, charged, gateway } = account();
    const window = { limit: 100_000, windowMs: 60_000 };
    const one = gateway();
    await one.take('a', window);
    await one.giveBack('a', window, 1);
    clock.now += 251;
    await one.giveBack('a', window, 3);
    expect(charged).toEqual([200, -3]);
  });
});
