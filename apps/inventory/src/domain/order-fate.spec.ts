import { describe, expect, it } from '@jest/globals';
import { fateOfEvent, fateOfOrder } from './order-fate.js';

describe('fateOfEvent', () => {
  it.each([
    ['order.placed', { status: 'confirmed' }, 'confirmed'],
    ['order.placed', { status: 'pending' }, 'pending'],
    ['order.confirmed', {}, 'confirmed'],
    ['order.cancelled', { reason: null }, 'ended'],
    ['order.expired', {}, 'ended'],
    ['order.voided', { reason: 'late' }, 'voided'],
    ['order.something-new', {}, null],
  ])('takes %s %j to mean that its stock is %s', (type, data, fate) => {
    expect(fateOfEvent({ type, data })).toBe(fate);
  });
});

describe('fateOfOrder', () => {
  it.each([
    [{ fate: 'voided' }, 'voided'],
    [{ fate: 'placed', status: 'pending' }, 'pending'],
    [{ fate: 'placed', status: 'confirmed' }, 'confirmed'],
    [{ fate: 'placed', status: 'completed' }, 'confirmed'],
    [{ fate: 'placed', status: 'cancelled' }, 'ended'],
    [{ fate: 'placed', status: 'expired' }, 'ended'],
  ] as const)('takes %j to mean that its stock is %s', (answer, fate) => {
    expect(fateOfOrder(answer)).toBe(fate);
  });
});
