import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../output.js';
import { parseReplicas } from './replicas.js';

describe('--replicas', () => {
  it('runs once whatever is not named', () => {
    expect(parseReplicas('orders=3,gateway=2')).toMatchObject({ orders: 3, gateway: 2, users: 1 });
    expect(parseReplicas('')).toMatchObject({ orders: 1, gateway: 1 });
  });

  it.each(['order=2', 'orders', 'orders=0', 'orders=two', 'orders=33', 'toString=2'])(
    'refuses %s as wrong use',
    (text) => {
      expect(() => parseReplicas(text)).toThrow(UsageError);
    },
  );
});
