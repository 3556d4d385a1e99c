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

  it('leaves the client its own data as it came, whatever the names in it', async () => {
    const text =
      '{"constructor":{"prototype":[1,{"constructor":null}]},"prototype":2,"toString":3}';
    const order = { ...valid.order, metadata: JSON.parse(text) as object };
    const metadata = { type: 'body', metatype: PlaceOrderRequest } as const;
    const message = { ...valid, order };
    const taken = (await validationPipe().transform(message, metadata)) as PlaceOrderRequest;
    expect(JSON.stringify(taken.order.metadata)).toBe(text);
    for (const notData of ['text', 7, [{}]]) {
      expect(await errorsOf({ ...valid, order: { ...order, metadata: notData } })).toEqual([
        expect.objectContaining({ pointer: '/order/metadata', code: 'object' }),
      ]);
    }
  });

  it.each([
    [{ name: ' \t\u00a0' }, 'name', 'not-blank'],
    [{ line1: '' }, 'line1', 'not-blank'],
    [{ city: '\n' }, 'city', 'not-blank'],
    [{ postalCode: ' ' }, 'postalCode', 'not-blank'],
    [{ country: 'XX' }, 'country', 'iso31661-alpha2'],
  ])('refuses an address with %j', async (flaw, field, code) => {
    const address = { name: 'A', line1: '1', city: 'C', postalCode: 'P', country: 'BE' };
    const ship = (shippingAddress: object) => ({
      ...valid,
      order: { ...valid.order, shippingAddress },
    });
    expect(await errorsOf(ship(address))).toEqual([]);
    expect(await errorsOf(ship({ ...address, ...flaw }))).toEqual([
      expect.objectContaining({ pointer: `/order/shippingAddress/${field}`, code }),
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
