import { describe, expect, it } from '@jest/globals';
import { AppError } from '@flotilla/contracts/errors';
import {
  changeDescription,
  type Description,
  describeProduct,
  lowStockThreshold,
} from './description.js';

const MUG: Description = {
  name: 'Mug',
  description: 'for tea',
  price: { amount: 1000, currency: 'EUR' },
  attributes: { colour: 'blue' },
  status: 'active',
};

describe('a description', () => {
  it('of a new product is active, with nothing in what was left out', () => {
    const { name, price } = MUG;
    expect(describeProduct({ sku: 'MUG', name, price })).toEqual({
      ...MUG,
      description: null,
      attributes: {},
    });
  });

  it.each([
    [{}, {}],
    [{ name: 'Cup' }, { name: 'Cup' }],
    [{ description: null }, { description: null }],
    [{ attributes: {} }, { attributes: {} }],
    [{ status: 'archived' }, { status: 'archived' }],
    [{ price: { amount: 0, currency: 'USD' } }, { price: { amount: 0, currency: 'USD' } }],
  ] as const)('changed by %j keeps all else', (changes, difference) => {
    expect(changeDescription(MUG, changes)).toEqual({ ...MUG, ...difference });
  });

  it.each([
    [{}, 5],
    [{ lowStockThreshold: 0 }, 0],
    [{ lowStockThreshold: 20 }, 20],
  ])('with the attributes %j calls a stock low at %d', (attributes, threshold) => {
    expect(lowStockThreshold(changeDescription(MUG, { attributes }))).toBe(threshold);
  });

  it.each([
    ['a threshold that is no number', { lowStockThreshold: '5' }, '/attributes/lowStockThreshold'],
    ['a negative threshold', { lowStockThreshold: -1 }, '/attributes/lowStockThreshold'],
    ['half a unit', { lowStockThreshold: 0.5 }, '/attributes/lowStockThreshold'],
    ['more than 16 KiB of attributes', { much: 'x'.repeat(16 * 1024) }, '/attributes'],
  ])('is refused with %s', (_what, attributes, pointer) => {
    let refusal: unknown;
    try {
      changeDescription(MUG, { attributes });
    } catch (error) {
      refusal = (error as AppError).toWire();
    }
    expect(refusal).toMatchObject({
      code: 'validation-failed',
      details: { errors: [{ pointer }] },
    });
  });
});
