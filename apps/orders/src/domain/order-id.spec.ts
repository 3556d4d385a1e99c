import { toUuid } from '@flotilla/contracts/ids';
import { expect, test } from '@jest/globals';
import { orderIdOf } from './order-id.js';

const ANA = 'usr_01jd8z9f4te2k8rnhz7w3k5m6p';
const BEN = 'usr_01jd8z9f4te2k8rnhz7w3k5m6q';

test('one user, mode and key always lead to one order', () => {
  const id = orderIdOf({ userId: ANA, mode: 'live' }, 'key-1');
  expect(orderIdOf({ userId: ANA, mode: 'live' }, 'key-1')).toBe(id);
  expect(toUuid('ord', id)).toMatch(/^[0-9a-f-]{36}$/);
});

test('another user, mode or key leads to another order', () => {
  const ids = [
    orderIdOf({ userId: ANA, mode: 'live' }, 'key-1'),
    orderIdOf({ userId: BEN, mode: 'live' }, 'key-1'),
    orderIdOf({ userId: ANA, mode: 'test' }, 'key-1'),
    orderIdOf({ userId: ANA, mode: 'live' }, 'key-2'),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});
