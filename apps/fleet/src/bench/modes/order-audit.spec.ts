import { toId, toUuid } from '@flotilla/contracts/ids';
import { describe, expect, it } from '@jest/globals';
import { type Books, compare, type Sale } from './order-audit.js';
import type { OrderRecord } from './order-load.js';

const UUID = '0198c0de-0000-7000-8000-000000000001';
const OTHER = '0198c0de-0000-7000-8000-000000000002';
const ID = toId('ord', UUID);

describe('the audit of a sale', () => {
  it('finds nothing where the books say what clients were told', () => {
    expect(compare(sale(), books())).toEqual({ oversold: 0, lost: 0, doubled: 0 });
    expect(compare(sale({ cancelled: [ID] }), books('cancelled', 'released'))).toEqual({
      oversold: 0,
      lost: 0,
      doubled: 0,
    });
  });

  it('counts units that were sold and never there, and none of orders that were cancelled', () => {
    expect(compare(sale({}, 1), books()).oversold).toBe(1);
    expect(compare(sale({}, 0), books('cancelled', 'released')).oversold).toBe(0);
  });

  it.each([
    ['that is not there', { orders: [], reservations: new Map<string, string>() }],
    ['without stock behind it', { ...books(), reservations: new Map<string, string>() }],
    ['whose stock was never committed', books('confirmed', 'held')],
    ['that somebody cancelled unasked', books('cancelled', 'released')],
  ])('counts an order as lost %s', (_, found) => {
    expect(compare(sale(), found).lost).toBe(1);
  });

  it('counts an order as lost that lives on after it was cancelled', () => {
    expect(compare(sale({ cancelled: [ID] }), books()).lost).toBe(1);
  });

  it('allows either end for a cancellation that was never answered, but nothing between', () => {
    const doubtful = sale({ perhapsCancelled: [ID] });
    expect(compare(doubtful, books()).lost).toBe(0);
    expect(compare(doubtful, books('cancelled', 'released')).lost).toBe(0);
    expect(compare(doubtful, books('cancelled', 'committed')).lost).toBe(1);
  });

  it('counts a second order under a key, one that nobody asked for, and an answer that names another', () => {
    const one = books().orders[0]!;
    const twice = { ...books(), orders: [one, { ...one, id: OTHER }] };
    expect(compare(sale({}, 10), twice).doubled).toBe(1);
    expect(compare(sale({ answered: {} }), books()).doubled).toBe(1);
    expect(compare(sale({ contradicted: 1 }), books()).doubled).toBe(1);
  });

  it('allows one order for a key that was never answered', () => {
    expect(compare(sale({ answered: {}, unanswered: ['key'] }), books()).doubled).toBe(0);
  });
});

function sale(told: Partial<OrderRecord> = {}, units = 2): Sale {
  const nothing = { unanswered: [], cancelled: [], perhapsCancelled: [], contradicted: 0 };
  return {
    stocked: new Map([['SKU', units]]),
    records: [{ answered: { key: ID }, ...nothing, ...told }],
  };
}

function books(status = 'confirmed', state = 'committed'): Books {
  const items = [{ sku: 'SKU', quantity: 2 }];
  return {
    orders: [{ id: toUuid('ord', ID), key: 'key', status, items }],
    reservations: new Map([[UUID, state]]),
  };
}
