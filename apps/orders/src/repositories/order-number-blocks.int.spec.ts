import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OrdersUnderTest, ordersUnderTest } from '../../test/orders-under-test.js';
import { OrderNumbers } from '../use-cases/ports.js';

let orders: OrdersUnderTest;

beforeAll(async () => {
  orders = await ordersUnderTest();
});
afterAll(() => orders.close());

test('no number is given twice, by one process or by two, over the end of any block', async () => {
  const processes = [orders, await orders.replica()].map((replica) => replica.get(OrderNumbers));
  const numbers = await Promise.all(
    Array.from({ length: 550 }, (_, index) => processes[index % 2]!.take()),
  );
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.every((number) => /^[1-9]\d{5,}$/.test(number))).toBe(true);
});
