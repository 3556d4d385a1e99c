import { describe, expect, it } from '@jest/globals';
import { AppError, type ErrorCode } from '@flotilla/contracts/errors';
import { CircuitBreakers, isOpen } from './circuit-breakers.js';

const failing = (code: ErrorCode) => () => Promise.reject(new AppError(code, 'No.'));

async function codeOf(call: Promise<unknown>): Promise<[string, boolean]> {
  const error = (await call.catch((thrown: unknown) => thrown)) as AppError;
  return [error.code, isOpen(error)];
}

describe('CircuitBreakers', () => {
  it('leave a service alone that is away, and no other', async () => {
    const breakers = new CircuitBreakers();
    for (let i = 0; i < 10; i += 1) {
      const call = breakers.run('orders.place-order.v1', failing('unavailable'));
      expect(await codeOf(call)).toEqual(['unavailable', false]);
    }
    let asked = false;
    const call = breakers.run('orders.get-order.v1', () => Promise.resolve((asked = true)));
    expect(await codeOf(call)).toEqual(['unavailable', true]);
    expect(asked).toBe(false);
    expect(await breakers.run('users.get-profile.v1', () => Promise.resolve(1))).toBe(1);
  });

  it('take refusals for the answers that they are', async () => {
    const breakers = new CircuitBreakers();
    for (let i = 0; i < 20; i += 1) {
      const call = breakers.run('orders.place-order.v1', failing('insufficient-stock'));
      expect(await codeOf(call)).toEqual(['insufficient-stock', false]);
    }
  });
});
