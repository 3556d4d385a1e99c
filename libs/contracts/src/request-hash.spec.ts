import { expect, test } from '@jest/globals';
import { requestHashOf } from './request-hash.js';

test('a request is the same with its keys in another order, and another with another quantity', () => {
  const hash = requestHashOf({
    items: [{ sku: 'TEA', quantity: 1 }],
    metadata: { a: 1, b: { c: 2, d: 3 } },
  });
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(
    requestHashOf({
      metadata: { b: { d: 3, c: 2 }, a: 1 },
      items: [{ quantity: 1, sku: 'TEA' }],
    }),
  ).toBe(hash);
  expect(
    requestHashOf({
      items: [{ sku: 'TEA', quantity: 2 }],
      metadata: { a: 1, b: { c: 2, d: 3 } },
    }),
  ).not.toBe(hash);
});
