import { describe, expect, it } from '@jest/globals';
import type { ImportRow } from '@flotilla/contracts/catalogue-import';
import { decideImport, type ImportedProduct } from './catalogue-import.js';

const BY = { system: 'test' };

function row(line: number, sku: string, onHand: number, name = sku): ImportRow {
  return { line, sku, name, price: { amount: 100, currency: 'EUR' }, onHand };
}

function product(sku: string, onHand: number, reserved = 0, created = false): ImportedProduct {
  return { id: `id of ${sku}`, sku, onHand, reserved, created };
}

describe('decideImport', () => {
  it('receives the first stock of a product it brought in', () => {
    const decision = decideImport([row(2, 'MUG', 7)], [product('MUG', 0, 0, true)], BY);

    expect(decision.movements).toMatchObject([
      {
        type: 'receipt',
        productId: 'id of MUG',
        onHandDelta: 7,
        reservedDelta: 0,
        reason: 'import',
      },
    ]);
  });

  it('adjusts the stock of a product that was there, by the difference', () => {
    const decision = decideImport([row(2, 'mug', 3)], [product('MUG', 5, 2)], BY);

    expect(decision.movements).toMatchObject([{ type: 'adjustment', onHandDelta: -2 }]);
  });

  it('moves nothing when the count is as it was', () => {
    const decision = decideImport([row(2, 'MUG', 5)], [product('MUG', 5)], BY);

    expect(decision).toMatchObject({ rejected: [], movements: [] });
  });

  it('rejects, whole, only the row that would leave less than is reserved', () => {
    const decision = decideImport(
      [row(2, 'MUG', 1, 'New name'), row(3, 'TEA', 9)],
      [product('MUG', 5, 2), product('TEA', 1)],
      BY,
    );

    expect(decision.rejected).toMatchObject([{ line: 2, code: 'insufficient-stock' }]);
    expect(decision.described.map(({ id }) => id)).toEqual(['id of TEA']);
    expect(decision.movements).toHaveLength(1);
  });

  it('applies rows of the same product one after the other', () => {
    const decision = decideImport(
      [row(2, 'MUG', 5), row(3, 'mug', 8, 'Mug')],
      [product('MUG', 0, 0, true)],
      BY,
    );

    expect(decision.movements).toMatchObject([
      { type: 'receipt', onHandDelta: 5 },
      { type: 'adjustment', onHandDelta: 3 },
    ]);
    expect(decision.described).toMatchObject([{ name: 'Mug' }]);
  });
});
