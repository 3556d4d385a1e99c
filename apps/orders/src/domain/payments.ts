import { AppError } from '@flotilla/contracts/errors';
import { toId } from '@flotilla/contracts/ids';
import type { RecordPaymentBody, RefundOrderBody } from '@flotilla/contracts/order-changes';
import type { Attempt } from './attempt.js';
import { invalid } from './order-wish.js';
import { expire, isDue, type OrderEvent, type PlacedOrderState } from './order.js';

/**
 * Records money that arrived. For an order that is over it goes back in the same breath, so that no payment outlives
 * its order in silence.
 * @throws AppError `amount-exceeded` beyond the total, `validation-failed` for nothing or another currency
 */
export function pay(
  order: PlacedOrderState,
  { amount: { amount, currency }, reference }: RecordPaymentBody,
  { uuid, requestHash }: Attempt,
  now: Date,
): OrderEvent[] {
  checkMoney(order, amount, currency);
  if (amount > order.terms.total.amount - order.paid) {
    throw exceeded('The payments would be more than the total of the order.');
  }
  const money = { amount, currency };
  const events: OrderEvent[] = [
    ...expire(order, now),
    {
      type: 'order.paid',
      data: { paymentId: toId('pay', uuid), amount: money, reference, requestHash },
    },
  ];
  const isOver = order.status === 'cancelled' || order.status === 'expired' || isDue(order, now);
  if (isOver) {
    const reason = 'The payment arrived after the end of the order.';
    const data = { refundId: toId('rfd', uuid), amount: money, reason };
    events.push({ type: 'order.refunded', data });
  }
  return events;
}

/**
 * Gives money back, in any state of the order.
 * @throws AppError `amount-exceeded` beyond what was paid, `validation-failed` for nothing or another currency
 */
export function refund(
  order: PlacedOrderState,
  { amount: { amount, currency }, reason }: RefundOrderBody,
  { uuid, requestHash }: Attempt,
): OrderEvent[] {
  checkMoney(order, amount, currency);
  if (amount > order.paid - order.refunded) {
    throw exceeded('The refunds would be more than was paid.');
  }
  const refundId = toId('rfd', uuid);
  const data = { refundId, amount: { amount, currency }, reason, requestHash };
  return [{ type: 'order.refunded', data }];
}

function checkMoney({ terms }: PlacedOrderState, amount: number, currency: string): void {
  if (amount < 1) throw invalid('/amount/amount', 'min', 'The amount must be at least 1.');
  if (currency !== terms.currency) {
    throw invalid('/amount/currency', 'currency', `The order is in ${terms.currency}.`);
  }
}

function exceeded(message: string): AppError<'amount-exceeded'> {
  return new AppError('amount-exceeded', message);
}
