import { AppError, isAppError } from '@flotilla/contracts/errors';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { orderWish, pointAtItems } from './order-wish.js';

/** The pointer that a wish is refused with. */
function refusedAt(body: Parameters<typeof orderWish>[0]): string | undefined {
  try {
    orderWish(body);
  } catch (error) {
    if (isAppError(error, 'validation-failed')) return error.details?.errors[0]?.pointer;
    throw error;
  }
  return undefined;
}

const sku = fc.constantFrom('tea', 'TEA', 'Tea', 'mug', 'MUG', 'pot');
const items = fc.array(fc.record({ sku, quantity: fc.integer({ min: 1, max: 100 }) }), {
  minLength: 1,
  maxLength: 100,
});

test('no unit is lost or invented when lines are added up, and no SKU is left twice', () => {
  fc.assert(
    fc.property(items, (wanted) => {
      const { lines } = orderWish({ items: wanted });
      const sum = (list: { quantity: number }[]) =>
        list.reduce((total, line) => total + line.quantity, 0);
      expect(sum(lines)).toBe(sum(wanted));
      expect(new Set(lines.map((line) => line.sku.toLowerCase())).size).toBe(lines.length);
    }),
  );
});

test('lines keep the order and the spelling in which a SKU came first', () => {
  const { lines } = orderWish({
    items: [
      { sku: 'Tea', quantity: 1 },
      { sku: 'mug', quantity: 2 },
      { sku: 'TEA', quantity: 3 },
    ],
  });
  expect(lines).toEqual([
    { sku: 'Tea', quantity: 4 },
    { sku: 'mug', quantity: 2 },
  ]);
});

test('a sum above the limit of a line is refused at the item that crosses it', () => {
  const items = [
    { sku: 'tea', quantity: 9_999 },
    { sku: 'mug', quantity: 1 },
    { sku: 'TEA', quantity: 1 },
  ];
  expect(refusedAt({ items })).toBeUndefined();
  expect(refusedAt({ items: [...items, { sku: 'tea', quantity: 1 }] })).toBe('/items/3/quantity');
});

test('metadata is taken up to 16 KiB of JSON and no further', () => {
  const items = [{ sku: 'tea', quantity: 1 }];
  const frame = JSON.stringify({ note: '' }).length;
  expect(refusedAt({ items, metadata: { note: 'x'.repeat(16_384 - frame) } })).toBeUndefined();
  expect(refusedAt({ items, metadata: { note: 'x'.repeat(16_385 - frame) } })).toBe('/metadata');
  expect(refusedAt({ items, metadata: { note: 'ü'.repeat(8_192) } })).toBe('/metadata');
});

test('metadata that would exhaust a stack is refused, not read to its end', () => {
  const deep = (levels: number): Record<string, unknown> =>
    JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels)) as Record<string, unknown>;
  const items = [{ sku: 'tea', quantity: 1 }];
  expect(refusedAt({ items, metadata: deep(32) })).toBeUndefined();
  expect(refusedAt({ items, metadata: deep(33) })).toBe('/metadata');
  expect(refusedAt({ items, metadata: deep(2_000) })).toBe('/metadata');
});

test('text that PostgreSQL cannot store is refused where it stands', () => {
  const items = [{ sku: 'tea', quantity: 1 }];
  expect(refusedAt({ items, metadata: { 'a/b': ['ok', 'nul\0'] } })).toBe('/metadata/a~1b/1');
  expect(refusedAt({ items, metadata: { 'bad\ud800': 1 } })).toBe('/metadata');
  const address = {
    name: 'Ana',
    line1: '1 Quay',
    city: 'Ghent',
    postalCode: '9000',
    country: 'BE',
  };
  expect(refusedAt({ items, shippingAddress: { ...address, city: 'G\0' } })).toBe(
    '/shippingAddress/city',
  );
});

test('what the stock says of a line points at the first item that became part of it', () => {
  const wish = orderWish({
    items: ['tea', 'TEA', 'mug'].map((sku) => ({ sku, quantity: 1 })),
  });
  const refusal = new AppError('unknown-sku', 'Unknown.', {
    details: { errors: [{ pointer: '/items/1/sku', code: 'unknown-sku', detail: 'No mug.' }] },
  });
  expect(pointAtItems(refusal, wish)).toMatchObject({
    code: 'unknown-sku',
    details: { errors: [{ pointer: '/items/2/sku', code: 'unknown-sku', detail: 'No mug.' }] },
  });
  const other = new AppError('order-voided', 'Voided.');
  expect(pointAtItems(other, wish)).toBe(other);
});
