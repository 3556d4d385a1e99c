import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../output.js';
import { parseOrders } from './trade-history.js';

const line =
  '{"invoice":1,"customer":"a@b.c","items":[{"sku":"A","quantity":2,"note":"x"}],"total":198}';

describe('a trade history', () => {
  it('keeps of its orders what an order takes', () => {
    expect(parseOrders(`${line}\n\n`)).toEqual([
      { invoice: 1, items: [{ sku: 'A', quantity: 2 }], total: 198 },
    ]);
  });

  it.each(['{"invoice":1', '{"invoice":"1","items":[],"total":1}', '{}', '[]', 'null'])(
    'names the line that is no order: %s',
    (bad) => {
      expect(() => parseOrders(`${line}\n${bad}`)).toThrow(UsageError);
      expect(() => parseOrders(`${line}\n${bad}`)).toThrow(/line 2/);
    },
  );
});
