import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { goodsOfEvent, type KeptLine, matchGoods } from './goods.js';

const MUG: KeptLine = { productId: 'mug', sku: 'MUG', taking: 3 };
const TEA: KeptLine = { productId: 'tea', sku: 'TEA', taking: 0 };

describe('goodsOfEvent', () => {
  const items = [{ sku: 'MUG', quantity: 1 }];

  it.each([
    ['order.fulfilled', { items, trackingNumber: null }, { kind: 'shipped', items }],
    ['order.returned', { items, restock: true }, { kind: 'returned', items, restock: true }],
    ['order.confirmed', {}, null],
    ['order.something-new', {}, null],
  ])('reads in %s what moved', (type, data, goods) => {
    expect(goodsOfEvent({ type, data })).toEqual(goods);
  });
});

describe('matchGoods', () => {
  it('adds up what a shipment says of one product twice', () => {
    const items = [
      { sku: 'MUG', quantity: 1 },
      { sku: 'MUG', quantity: 2 },
    ];
    expect(matchGoods({ kind: 'shipped', items }, [MUG, TEA])).toEqual({
      units: [{ productId: 'mug', quantity: 3 }],
      missing: 0,
    });
  });

  it('never ships more than is reserved, and accounts for every unit it was told of', () => {
    const line = fc.record({ sku: fc.constantFrom('A', 'B', 'C', 'D'), taking: fc.nat(9) });
    const item = fc.record({ sku: fc.constantFrom('A', 'B', 'C', 'D', 'E'), quantity: fc.nat(9) });
    fc.assert(
      fc.property(
        fc.uniqueArray(line, { selector: ({ sku }) => sku }),
        fc.array(item),
        (kept, items) => {
          const lines = kept.map((one) => ({ ...one, productId: one.sku }));
          const { units, missing } = matchGoods({ kind: 'shipped', items }, lines);
          const reserved = new Map<string, number>(kept.map(({ sku, taking }) => [sku, taking]));
          for (const { productId, quantity } of units)
            expect(quantity).toBeLessThanOrEqual(reserved.get(productId)!);
          const sum = (all: readonly { quantity: number }[]) =>
            all.reduce((total, { quantity }) => total + quantity, 0);
          expect(sum(units) + missing).toBe(sum(items));
        },
      ),
    );
  });

  it('takes back what is no longer reserved, and nothing that was never in the order', () => {
    const items = [
      { sku: 'TEA', quantity: 2 },
      { sku: 'POT', quantity: 4 },
    ];
    expect(matchGoods({ kind: 'returned', items, restock: true }, [MUG, TEA])).toEqual({
      units: [{ productId: 'tea', quantity: 2 }],
      missing: 4,
    });
  });
});
