import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { AppError, type FieldError } from '@flotilla/contracts/errors';
import { PlaceOrderRequest } from '@flotilla/contracts/orders';
import { fieldErrors, validationPipe } from './validation.js';

async function errorsOf(message: unknown): Promise<FieldError[]> {
  try {
    await validationPipe().transform(message, { type: 'body', metatype: PlaceOrderRequest });
  } catch (error) {
    if (error instanceof AppError) return (error.details as { errors: FieldError[] }).errors;
    throw error;
  }
  return [];
}

describe('validationPipe', () => {
  const valid = { idempotencyKey: 'k', order: { items: [{ sku: 'SKU-1', quantity: 1 }] } };

  it('makes an instance of the class', async () => {
    const metadata = { type: 'body', metatype: PlaceOrderRequest } as const;
    expect(await validationPipe().transform(valid, metadata)).toBeInstanceOf(PlaceOrderRequest);
  });

  it('points at a broken rule deep inside', async () => {
    const order = { items: [{ sku: 'SKU-1', quantity: 0 }] };
    expect(await errorsOf({ ...valid, order })).toEqual([
      { pointer: '/order/items/0/quantity', code: 'min', detail: expect.any(String) },
    ]);
  });

  it('refuses what it does not know, at any depth', async () => {
    const order = { items: [{ sku: 'SKU-1', quantity: 1, price: 0 }] };
    expect(await errorsOf({ ...valid, order, coupon: 'FREE' })).toEqual([
      expect.objectContaining({ pointer: '/coupon', code: 'unknown-field' }),
      expect.objectContaining({ pointer: '/order/items/0/price', code: 'unknown-field' }),
    ]);
  });

  it.each([null, undefined, 'text', 7, []])('refuses %p for a message', async (message) => {
    expect(await errorsOf(message)).not.toEqual([]);
  });
});

describe('fieldErrors', () => {
  it('escapes what a JSON pointer escapes, and names rules in kebab-case', () => {
    const errors = [{ property: 'a/b~c', constraints: { isIn: 'no', minLength: 'short' } }];
    expect(fieldErrors(errors)).toEqual([
      { pointer: '/a~1b~0c', code: 'in', detail: 'no' },
      { pointer: '/a~1b~0c', code: 'min-length', detail: 'short' },
    ]);
  });

  it('says of a value of another type only that, not which bounds it misses too', () => {
    const errors = [
      { property: 'quantity', constraints: { isInt: 'type', min: 'low', max: 'high' } },
    ];
    expect(fieldErrors(errors)).toEqual([{ pointer: '/quantity', code: 'int', detail: 'type' }]);
  });
});
