import { describe, expect, it } from '@jest/globals';
import { AppError } from '@flotilla/contracts/errors';
import { MAX_STOCK } from '@flotilla/contracts/inventory';
import fc from 'fast-check';
import { type Count, decideCount } from './stocktaking.js';

const BY = { system: 'test' };
const product = (onHand: number, reserved: number) => ({ id: 'mug', sku: 'MUG', onHand, reserved });

function refusalOf(work: () => unknown) {
  try {
    return work();
  } catch (error) {
    return (error as AppError).toWire();
  }
}

describe('decideCount', () => {
  it('moves the difference to what was counted, with the reason', () => {
    expect(decideCount(product(10, 4), { onHand: 7 }, 'broken', BY)).toEqual({
      type: 'adjustment',
      productId: 'mug',
      onHandDelta: -3,
      reservedDelta: 0,
      reason: 'broken',
      by: BY,
    });
  });

  it('moves nothing when the count is as it should be', () => {
    expect(decideCount(product(10, 4), { onHand: 10 }, 'counted', BY)).toBeNull();
  });

  it('says how many units can go', () => {
    expect(refusalOf(() => decideCount(product(10, 4), { delta: -7 }, 'broken', BY))).toMatchObject(
      {
        code: 'insufficient-stock',
        details: { lines: [{ sku: 'MUG', requested: 7, available: 6 }] },
      },
    );
  });

  it('refuses more than a stock may be', () => {
    expect(
      refusalOf(() => decideCount(product(1, 0), { delta: MAX_STOCK }, 'typo', BY)),
    ).toMatchObject({ code: 'validation-failed', details: { errors: [{ pointer: '/delta' }] } });
  });

  it('never leaves less on hand than is reserved, and refuses nothing else', () => {
    const level = fc
      .nat(50)
      .chain((onHand) => fc.record({ onHand: fc.constant(onHand), reserved: fc.nat(onHand) }));
    const count: fc.Arbitrary<Count> = fc.oneof(
      fc.record({ delta: fc.integer({ min: -60, max: 60 }) }),
      fc.record({ onHand: fc.nat(60) }),
    );
    fc.assert(
      fc.property(level, count, ({ onHand, reserved }, change) => {
        const after = 'delta' in change ? onHand + change.delta : change.onHand;
        const decided = refusalOf(() => decideCount(product(onHand, reserved), change, 'r', BY));
        if (after < reserved) expect(decided).toMatchObject({ code: 'insufficient-stock' });
        else if (after === onHand) expect(decided).toBeNull();
        else expect(decided).toMatchObject({ onHandDelta: after - onHand });
      }),
    );
  });
});
