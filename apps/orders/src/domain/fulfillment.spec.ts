import type { LineUnits } from '@flotilla/contracts/order-events';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  after,
  cancelled,
  codeOf,
  expired,
  held,
  NOW,
  placed,
  reserved,
  wish,
} from '../../test/order-history.js';
import { fulfill, takeBack } from './fulfillment.js';
import { cancel, fulfillmentStatusOf, NOTHING, type OrderEvent, placedOrder } from './order.js';
import { place } from './placing.js';

const attempt = { uuid: '0192a3b4-0000-8000-8000-000000000001', requestHash: 'b'.repeat(64) };
const unitPrice = { amount: 100, currency: 'EUR' };
const lines = [
  { sku: 'TEA', name: 'Tea', quantity: 3, unitPrice },
  { sku: 'Mug', name: 'Mug', quantity: 2, unitPrice },
];
const both = place(NOTHING, wish, held({ lines }), '100002', NOW)[0]!;

const shipping = (history: OrderEvent[], items?: LineUnits[]) =>
  fulfill(placedOrder(after(...history)), { items }, attempt);
const returning = (history: OrderEvent[], items: LineUnits[]) =>
  takeBack(placedOrder(after(...history)), { items, restock: true }, attempt);
const units = (sku: string, quantity: number): LineUnits => ({ sku, quantity });
const statusesAfter = (history: OrderEvent[]) => {
  const order = placedOrder(after(...history));
  return [order.status, fulfillmentStatusOf(order)];
};

test('an order is completed by the shipment of its last unit, and returned by the return of its last', () => {
  const history = [both];
  expect(statusesAfter(history)).toEqual(['confirmed', 'unfulfilled']);
  history.push(...shipping(history, [units('TEA', 3), units('Mug', 1)]));
  expect(statusesAfter(history)).toEqual(['confirmed', 'partial']);
  history.push(...shipping(history));
  expect(statusesAfter(history)).toEqual(['completed', 'fulfilled']);
  history.push(...returning(history, [units('TEA', 3)]));
  expect(statusesAfter(history)).toEqual(['completed', 'fulfilled']);
  history.push(...returning(history, [units('Mug', 2)]));
  expect(statusesAfter(history)).toEqual(['completed', 'returned']);
});

test('without items all that is left is shipped', () => {
  const history = [both, ...shipping([both], [units('TEA', 1)])];
  expect(shipping(history)).toMatchObject([
    { data: { items: [units('TEA', 2), units('Mug', 2)] } },
  ]);
  expect(codeOf(() => shipping([...history, ...shipping(history)]))).toBe('illegal-transition');
});

test('a SKU may be named in any case and more than once; the event spells it as the order does', () => {
  const items = [units('mug', 1), units('tea', 1), units('MUG', 1)];
  expect(shipping([both], items)).toMatchObject([
    { data: { items: [units('TEA', 1), units('Mug', 2)], trackingNumber: null } },
  ]);
});

test('whatever is shipped and returned, no line returns more than was shipped, nor ships more than was ordered', () => {
  const move = fc.record({
    isShipment: fc.boolean(),
    items: fc.array(
      fc.record({ sku: fc.constantFrom('TEA', 'Mug'), quantity: fc.integer({ min: 1, max: 3 }) }),
      { minLength: 1, maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 20 }), (moves) => {
      const history: OrderEvent[] = [both];
      for (const { isShipment, items } of moves) {
        const { shipped, returned } = placedOrder(after(...history));
        const isPossible = lines.every(({ sku, quantity }, line) => {
          const named = items
            .filter((item) => item.sku === sku)
            .reduce((n, item) => n + item.quantity, 0);
          const most = isShipment ? quantity - shipped[line]! : shipped[line]! - returned[line]!;
          return named <= most;
        });
        const wasComplete = shipped[0] === 3 && shipped[1] === 2;
        const act = isShipment ? shipping : returning;
        const code = codeOf(() => void history.push(...act(history, items)));
        expect(code).toBe(isPossible ? undefined : 'quantity-exceeded');
        if (wasComplete) expect(placedOrder(after(...history)).status).toBe('completed');
      }
      const order = placedOrder(after(...history));
      order.terms.items.forEach(({ quantity }, line) => {
        expect(order.shipped[line]).toBeLessThanOrEqual(quantity);
        expect(order.returned[line]).toBeLessThanOrEqual(order.shipped[line]!);
      });
    }),
  );
});

test.each([
  ['pending', [reserved]],
  ['cancelled', [placed, cancelled]],
  ['expired', [reserved, expired]],
])('nothing of an order that is %s is shipped or returned', (_, history) => {
  expect(codeOf(() => shipping(history))).toBe('illegal-transition');
  expect(codeOf(() => returning(history, [units('TEA', 1)]))).toBe('illegal-transition');
});

test('what is not in the order is neither shipped nor returned', () => {
  expect(codeOf(() => shipping([both], [units('POT', 1)]))).toBe('unknown-sku');
  expect(codeOf(() => returning([both], [units('POT', 1)]))).toBe('unknown-sku');
});

test('an order of which anything was shipped cannot be cancelled, not even when it came back', () => {
  const history = [both, ...shipping([both], [units('TEA', 1)])];
  expect(codeOf(() => cancel(after(...history), null, NOW))).toBe('illegal-transition');
  history.push(...returning(history, [units('TEA', 1)]));
  expect(codeOf(() => cancel(after(...history), null, NOW))).toBe('illegal-transition');
});
