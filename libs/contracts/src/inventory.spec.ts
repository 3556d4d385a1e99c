import { expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { HoldLine, MAX_LINE_QUANTITY } from './stock-holds.js';
import { OrderItemInput } from './orders.js';

it.each([HoldLine, OrderItemInput])('%p takes up to ten thousand units of a product', (line) => {
  const errors = (quantity: number) =>
    validateSync(plainToInstance<object, object>(line, { sku: 'MUG', quantity }));
  expect(MAX_LINE_QUANTITY).toBe(10_000);
  expect(errors(10_000)).toEqual([]);
  expect(errors(10_001)).toMatchObject([{ property: 'quantity' }]);
});
