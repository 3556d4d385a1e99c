import { expect, it } from '@jest/globals';
import { parseInstant } from './instant.js';

it.each([
  ['2027-03-01T12:34:56Z', '2027-03-01T12:34:56.000Z'],
  ['2028-02-29t00:00:00.123456z', '2028-02-29T00:00:00.123Z'],
  ['2027-01-01T00:30:00+01:00', '2026-12-31T23:30:00.000Z'],
])('%s is an instant', (text, expected) => {
  expect(parseInstant(text)?.toISOString()).toBe(expected);
});

it.each([
  '2027-02-30T00:00:00Z',
  '2027-02-29T00:00:00Z',
  '2027-13-01T00:00:00Z',
  '2027-04-00T00:00:00Z',
  '2027-01-01T24:00:00Z',
  '2027-01-01T00:00:60Z',
  '2027-01-01T00:00:00',
  '2027-01-01T00:00Z',
  '2027-01-01 00:00:00Z',
  '2027-01-01T00:00:00+24:00',
  '9999-12-31T23:59:59-23:59',
  '2027-01-01',
  '2027',
  '',
])('%j is none', (text) => {
  expect(parseInstant(text)).toBeUndefined();
});
