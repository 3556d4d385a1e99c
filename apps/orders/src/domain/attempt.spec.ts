import { expect, test } from '@jest/globals';
import {
  codeOf,
  ID,
  NOW,
  OWNER,
  after,
  cancelled,
  placed,
  recorded,
} from '../../test/order-history.js';
import { answerTo, attemptOf } from './attempt.js';
import { placedOrder } from './order.js';
import { pay, refund } from './payments.js';

const OTHER = 'ord_01jd8z9f4te2k8rnhz7w3k5m6q';
const five = { amount: { amount: 5, currency: 'EUR' } };
const payment = { ...five, reference: 'bank-1' };
const attempt = attemptOf(OWNER, { orderId: ID, idempotencyKey: 'k' }, 'pay', payment);

test('a key means one thing per user, mode and order', () => {
  const ids = [
    attempt,
    attemptOf({ ...OWNER, mode: 'test' }, { orderId: ID, idempotencyKey: 'k' }, 'pay', payment),
    attemptOf(OWNER, { orderId: OTHER, idempotencyKey: 'k' }, 'pay', payment),
    attemptOf(OWNER, { orderId: ID, idempotencyKey: 'l' }, 'pay', payment),
  ].map(({ uuid }) => uuid);
  expect(new Set(ids).size).toBe(ids.length);
});

test('an attempt that succeeded is answered with the order as it left it, whatever happened since', () => {
  const order = placedOrder(after(placed, cancelled));
  const late = pay(order, payment, attempt, NOW);
  const history = recorded(
    placed,
    cancelled,
    ...late,
    ...pay(order, payment, { ...attempt, uuid: '0192a3b4-0000-8000-8000-000000000001' }, NOW),
  );
  expect(answerTo(attempt, history)).toMatchObject({ version: 4, paid: 5, refunded: 5 });
  expect(answerTo(attempt, recorded(placed))).toBeUndefined();
});

test('a key that was used with another body or for another change is refused', () => {
  const order = placedOrder(after(placed));
  const history = recorded(placed, ...pay(order, payment, attempt, NOW));
  const again = (operation: string, body: object) => () =>
    answerTo(attemptOf(OWNER, { orderId: ID, idempotencyKey: 'k' }, operation, body), history);
  expect(codeOf(again('pay', payment))).toBeUndefined();
  expect(codeOf(again('pay', { ...payment, reference: 'bank-2' }))).toBe('idempotency-key-reuse');
  expect(codeOf(again('refund', payment))).toBe('idempotency-key-reuse');
});

test('the key of a payment that went back at once is not one of a refund', () => {
  const order = placedOrder(after(placed, cancelled));
  const refunding = attemptOf(OWNER, { orderId: ID, idempotencyKey: 'k' }, 'refund', payment);
  const history = recorded(placed, cancelled, ...pay(order, payment, attempt, NOW));
  expect(codeOf(() => answerTo(refunding, history))).toBe('idempotency-key-reuse');
  expect(codeOf(() => refund(order, { ...five, reason: 'x' }, refunding))).toBe('amount-exceeded');
});
