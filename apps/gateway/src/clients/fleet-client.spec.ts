import { AppError, isAppError } from '@flotilla/contracts/errors';
import { PlaceOrder } from '@flotilla/contracts/orders';
import type { RpcClient } from '@flotilla/messaging/rpc-client';
import { runInContext } from '@flotilla/runtime/request-context';
import { describe, expect, it } from '@jest/globals';
import { FleetClient } from './fleet-client.js';
import type { KeptAnswers } from './kept-answers.js';

const tooLate = () => Promise.reject(new AppError('deadline-exceeded', 'There was no time left.'));

describe('a request whose time is spent', () => {
  /** Whether another caller is let through to a service after twenty calls that failed, made with so much time left. */
  async function isOpenToOthers(millisecondsLeft: number): Promise<boolean> {
    let call: () => Promise<unknown> = tooLate;
    const fleet = new FleetClient(
      { call: () => call() } as unknown as RpcClient,
      {} as unknown as KeptAnswers,
    );
    const ask = () => fleet.call(PlaceOrder, {} as never, { fresh: true });
    const deadline = performance.now() + millisecondsLeft;
    for (let i = 0; i < 20; i += 1) {
      await runInContext({ requestId: 'late', deadline }, () => ask().catch(() => undefined));
    }
    call = () => Promise.resolve({});
    return ask().then(
      () => true,
      (error: unknown) => !isAppError(error, 'unavailable'),
    );
  }

  it('closes no service to others, however often it asks', async () => {
    expect(await isOpenToOthers(0)).toBe(true);
  });

  it('is not the same as a service that does not answer in time', async () => {
    expect(await isOpenToOthers(60_000)).toBe(false);
  });
});
