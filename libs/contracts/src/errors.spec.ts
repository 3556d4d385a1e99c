import { describe, expect, it } from '@jest/globals';
import { AppError, isAppError, notFound } from './errors.js';

describe('AppError', () => {
  it('crosses the wire with its code, message and details, and without its cause', () => {
    const lines = [{ sku: 'MUG', requested: 2, available: 1 }];
    const error = new AppError('insufficient-stock', 'Not enough.', {
      details: { lines },
      cause: new Error('SELECT secret'),
    });
    const wire = JSON.stringify(error.toWire());
    expect(wire).not.toContain('secret');
    const arrived = AppError.fromWire(JSON.parse(wire));
    expect(arrived).toMatchObject({
      code: 'insufficient-stock',
      kind: 'conflict',
      details: { lines },
    });
    expect(arrived.message).toBe('Not enough.');
  });

  it('of a code that this version does not know is an internal one', () => {
    const wire = { code: 'from-the-future', kind: 'conflict', message: 'x' };
    expect(AppError.fromWire(JSON.parse(JSON.stringify(wire))).code).toBe('internal');
  });

  it('is recognised by its code', () => {
    expect(isAppError(notFound('order'), 'not-found')).toBe(true);
    expect(isAppError(notFound('order'), 'version-conflict')).toBe(false);
    expect(isAppError(new Error('x'))).toBe(false);
  });
});
