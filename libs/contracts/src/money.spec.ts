import { expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Money } from './money.js';

const faults = (money: object) =>
  validateSync(plainToInstance(Money, money)).map(({ property }) => property);

it.each(['EUR', 'USD', 'JPY', 'BHD'])('money may be in %s', (currency) => {
  expect(faults({ amount: 1, currency })).toEqual([]);
});

it.each(['ABC', 'eur', 'EURO', '', 7, null, undefined])('%j is no currency', (currency) => {
  expect(faults({ amount: 1, currency })).toEqual(['currency']);
});

it.each([0, Number.MAX_SAFE_INTEGER])('an amount may be %d minor units', (amount) => {
  expect(faults({ amount, currency: 'EUR' })).toEqual([]);
});

it.each([-1, 0.5, '1', Number.MAX_SAFE_INTEGER + 1, NaN, null])('%j is no amount', (amount) => {
  expect(faults({ amount, currency: 'EUR' })).toEqual(['amount']);
});
