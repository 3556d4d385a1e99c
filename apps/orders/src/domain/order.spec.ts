import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  after,
  AT_END,
  BEFORE_END,
  cancelled,
  codeOf,
  confirmed,
  END,
  expired,
  held,
  NOW,
  OWNER,
  placed,
  reserved,
  voided,
  wish,
} from '../../test/order-history.js';
import { asOf, orderView } from './order-view.js';
import { cancel, confirm, expire, NOTHING, placedOrder } from './order.js';
import { place, withdraw } from './placing.js';

describe('placing', () => {
  test('without a time limit the order is confirmed at once, priced as held', () => {
    expect(orderView(placedOrder(after(placed)))).toEqual({
      id: 'ord_01jd8z9f4te2k8rnhz7w3k5m6p',
      number: '100001',
      status: 'confirmed',
      paymentStatus: 'none',
      fulfillmentStatus: 'unfulfilled',
      currency: 'EUR',
      items: [
        {
          sku: 'TEA',
          name: 'Tea',
          quantity: 3,
          unitPrice: { amount: 250, currency: 'EUR' },
          total: { amount: 750, currency: 'EUR' },
        },
      ],
      total: { amount: 750, currency: 'EUR' },
      shippingAddress: null,
      metadata: { gift: true },
      expiresAt: null,
      version: 1,
      createdAt: '2026-03-01T12:00:00.000Z',
      updatedAt: '2026-03-01T12:00:00.000Z',
    });
  });

  test('with a time limit the order waits until the end of the hold', () => {
    expect(after(reserved)).toMatchObject({ status: 'pending', expiresAt: END, owner: OWNER });
  });

  test('the total is the sum of the lines, each its quantity times its price', () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 10_000 }),
      amount: fc.integer({ min: 0, max: 1_000_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 100 }), (wanted) => {
        const lines = wanted.map(({ quantity, amount }, index) => ({
          sku: `S${index}`,
          name: 'x',
          quantity,
          unitPrice: { amount, currency: 'EUR' },
        }));
        const sum = wanted.reduce((n, l) => n + BigInt(l.quantity) * BigInt(l.amount), 0n);
        const order = placedOrder(after(...place(NOTHING, wish, held({ lines }), '1', NOW)));
        expect(BigInt(order.terms.total.amount)).toBe(sum);
      }),
    );
  });

  test('a total beyond exact integers is refused', () => {
    const lines = (amount: number, quantity: number) => [
      { sku: 'A', name: 'A', quantity, unitPrice: { amount, currency: 'EUR' } },
    ];
    const order = (amount: number, quantity: number) => () =>
      place(NOTHING, wish, held({ lines: lines(amount, quantity) }), '1', NOW);
    expect(codeOf(order(Number.MAX_SAFE_INTEGER, 1))).toBeUndefined();
    expect(codeOf(order(Number.MAX_SAFE_INTEGER, 2))).toBe('validation-failed');
  });

  test('lines in two currencies have no total', () => {
    const lines = ['EUR', 'USD'].map((currency) => ({
      sku: currency,
      name: currency,
      quantity: 1,
      unitPrice: { amount: 1, currency },
    }));
    expect(codeOf(() => place(NOTHING, wish, held({ lines }), '1', NOW))).toBe('validation-failed');
  });

  test('a hold that has ended carries no order', () => {
    const late = () => place(NOTHING, wish, held({ expiresAt: END }), '1', AT_END);
    expect(codeOf(late)).toBe('order-voided');
  });

  test('the same request again decides nothing more', () => {
    expect(place(after(placed), wish, held(), '100002', NOW)).toEqual([]);
  });

  test('another request under the key is refused', () => {
    const other = { ...wish, requestHash: 'b'.repeat(64) };
    expect(codeOf(() => place(after(placed), other, held(), '100002', NOW))).toBe(
      'idempotency-key-reuse',
    );
  });

  test('a voided id stays voided', () => {
    expect(codeOf(() => place(after(voided), wish, held(), '100002', NOW))).toBe('order-voided');
  });
});

describe('withdrawing', () => {
  test('voids an id that nothing was decided about', () => {
    expect(withdraw(NOTHING, 'nobody finished it')).toEqual([voided]);
  });

  test.each([
    ['placed', placed],
    ['voided', voided],
  ] as const)('leaves a %s id as it is', (_, event) => {
    expect(withdraw(after(event), 'nobody finished it')).toEqual([]);
  });
});

describe('confirming', () => {
  test('confirms a pending order up to the end of its hold', () => {
    expect(confirm(after(reserved), BEFORE_END)).toEqual([confirmed]);
  });

  test('is too late from the end of the hold on, swept or not', () => {
    expect(codeOf(() => confirm(after(reserved), AT_END))).toBe('hold-expired');
    expect(codeOf(() => confirm(after(reserved, expired), NOW))).toBe('hold-expired');
  });

  test('repeating it changes nothing, even after the end of the former hold', () => {
    expect(confirm(after(reserved, confirmed), AT_END)).toEqual([]);
    expect(confirm(after(placed), NOW)).toEqual([]);
  });

  test('is impossible for a cancelled order', () => {
    expect(codeOf(() => confirm(after(reserved, cancelled), NOW))).toBe('illegal-transition');
  });

  test('finds nothing where nothing was placed', () => {
    expect(codeOf(() => confirm(NOTHING, NOW))).toBe('not-found');
    expect(codeOf(() => confirm(after(voided), NOW))).toBe('not-found');
  });

  test('a confirmed order no longer ends', () => {
    expect(after(reserved, confirmed)).toMatchObject({
      status: 'confirmed',
      expiresAt: null,
      version: 2,
      updatedAt: '2026-03-01T12:01:00.000Z',
    });
  });
});

describe('cancelling', () => {
  test.each([
    ['pending', [reserved]],
    ['confirmed', [placed]],
    ['confirmed later', [reserved, confirmed]],
  ] as const)('cancels an order that is %s', (_, events) => {
    expect(cancel(after(...events), 'changed my mind', NOW)).toEqual([
      { type: 'order.cancelled', data: { reason: 'changed my mind' } },
    ]);
  });

  test('repeating it changes nothing', () => {
    expect(cancel(after(placed, cancelled), 'again', NOW)).toEqual([]);
  });

  test('is impossible once the order has expired, swept or not', () => {
    expect(codeOf(() => cancel(after(reserved), null, AT_END))).toBe('illegal-transition');
    expect(codeOf(() => cancel(after(reserved, expired), null, NOW))).toBe('illegal-transition');
  });

  test('finds nothing where nothing was placed', () => {
    expect(codeOf(() => cancel(NOTHING, null, NOW))).toBe('not-found');
    expect(codeOf(() => cancel(after(voided), null, NOW))).toBe('not-found');
  });
});

describe('expiring', () => {
  test('ends a pending order exactly at the end of its hold', () => {
    expect(expire(after(reserved), BEFORE_END)).toEqual([]);
    expect(expire(after(reserved), AT_END)).toEqual([expired]);
    expect(after(reserved, expired)).toMatchObject({ status: 'expired', expiresAt: END });
  });

  test.each([
    ['nothing', []],
    ['voided', [voided]],
    ['confirmed', [placed]],
    ['confirmed in time', [reserved, confirmed]],
    ['cancelled', [reserved, cancelled]],
    ['expired', [reserved, expired]],
  ] as const)('leaves an id alone that is %s', (_, events) => {
    expect(expire(after(...events), AT_END)).toEqual([]);
  });

  test('an order reads as expired from the end of its hold on, before anything wrote so', () => {
    const view = orderView(placedOrder(after(reserved)));
    expect(asOf(view, BEFORE_END).status).toBe('pending');
    expect(asOf(view, AT_END).status).toBe('expired');
  });
});
