import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  after,
  AT_END,
  BEFORE_END,
  cancelled,
  codeOf,
  expired,
  NOW,
  placed,
  reserved,
} from '../../test/order-history.js';
import { expire, type Order, type OrderEvent, paymentStatusOf, placedOrder } from './order.js';
import { pay, refund } from './payments.js';

const attempt = { uuid: '0192a3b4-0000-8000-8000-000000000001', requestHash: 'b'.repeat(64) };

function payment(order: Order, amount: number, currency = 'EUR', now = NOW): OrderEvent[] {
  const body = { amount: { amount, currency }, reference: 'bank-1' };
  return pay(placedOrder(order), body, attempt, now);
}

function refunding(order: Order, amount: number, currency = 'EUR'): OrderEvent[] {
  const body = { amount: { amount, currency }, reason: 'broken' };
  return refund(placedOrder(order), body, attempt);
}

const statusAfter = (...events: OrderEvent[]) => paymentStatusOf(placedOrder(after(...events)));
const paid = (amount: number) => payment(after(placed), amount);
const typesOf = (events: OrderEvent[]) => events.map(({ type }) => type);

test('the payment status says how much of the total is here and how much went back', () => {
  const all = [placed, ...paid(750)];
  expect(statusAfter(placed)).toBe('none');
  expect(statusAfter(placed, ...paid(749))).toBe('authorized');
  expect(statusAfter(...all)).toBe('captured');
  expect(statusAfter(...all, ...refunding(after(...all), 1))).toBe('partially_refunded');
  expect(statusAfter(...all, ...refunding(after(...all), 750))).toBe('refunded');
});

test('whatever is paid and refunded, the refunds never exceed the payments, nor these the total', () => {
  const move = fc.record({ isPayment: fc.boolean(), amount: fc.integer({ min: 1, max: 800 }) });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
      const history: OrderEvent[] = [placed];
      for (const { isPayment, amount } of moves) {
        const { paid: before, refunded } = placedOrder(after(...history));
        const act = isPayment ? payment : refunding;
        const isPossible = amount <= (isPayment ? 750 - before : before - refunded);
        const decide = () => void history.push(...act(after(...history), amount));
        expect(codeOf(decide)).toBe(isPossible ? undefined : 'amount-exceeded');
      }
      const order = placedOrder(after(...history));
      expect(order.refunded).toBeLessThanOrEqual(order.paid);
      expect(order.paid).toBeLessThanOrEqual(750);
    }),
  );
});

test.each([
  ['nothing', 0, 'EUR'],
  ['another currency', 1, 'USD'],
])('%s is neither paid nor refunded', (_, amount, currency) => {
  const order = after(placed, ...paid(10));
  expect(codeOf(() => payment(order, amount, currency))).toBe('validation-failed');
  expect(codeOf(() => refunding(order, amount, currency))).toBe('validation-failed');
});

describe('a payment that arrives too late', () => {
  test.each([
    ['cancelled', after(placed, cancelled)],
    ['expired', after(reserved, expired)],
  ])('for an order that is %s goes back at once, under the same id', (_, order) => {
    const events = payment(order, 750);
    expect(events).toMatchObject([
      { type: 'order.paid', data: { amount: { amount: 750, currency: 'EUR' } } },
      { type: 'order.refunded', data: { amount: { amount: 750, currency: 'EUR' } } },
    ]);
    const [{ data: first }, { data: second }] = events as [OrderEvent, OrderEvent];
    expect((first as { paymentId: string }).paymentId.slice(4)).toBe(
      (second as { refundId: string }).refundId.slice(4),
    );
  });

  test('counts from the end of the hold on, swept or not', () => {
    expect(typesOf(payment(after(reserved), 5, 'EUR', BEFORE_END))).toEqual(['order.paid']);
    const late = payment(after(reserved), 5, 'EUR', AT_END);
    expect(typesOf(late)).toEqual(['order.expired', 'order.paid', 'order.refunded']);
    expect(statusAfter(reserved, ...late)).toBe('refunded');
  });
});

test('an order that expires gives back what was paid for it and is not back yet', () => {
  const history = [reserved, ...payment(after(reserved), 500, 'EUR', NOW)];
  history.push(...refunding(after(...history), 200));
  expect(expire(after(...history), AT_END)).toMatchObject([
    { type: 'order.expired' },
    { type: 'order.refunded', data: { amount: { amount: 300, currency: 'EUR' } } },
  ]);
});

test('what was paid for a cancelled order waits for an explicit refund', () => {
  const history = [placed, ...paid(750), cancelled];
  expect(statusAfter(...history)).toBe('captured');
  expect(typesOf(refunding(after(...history), 750))).toEqual(['order.refunded']);
});
