import { newUuid } from '@flotilla/contracts/ids';
import { expect, test } from '@jest/globals';
import { changeAddress, newAddress, toView } from './address.js';

const THEN = new Date('2026-01-02T03:04:05.678Z');
const NOW = new Date('2026-02-02T03:04:05.678Z');
const home = newAddress(
  newUuid(),
  { name: 'Ada', line1: 'St James’s Square 12', city: 'London', postalCode: 'SW1Y', country: 'GB' },
  THEN,
);

test('what is not said of an address is null', () => {
  expect(toView(home)).toMatchObject({ line2: null, region: null, version: 1 });
});

test('a change leaves what it does not name, and null takes away what may be missing', () => {
  const flat = changeAddress(home, { line2: 'Flat 2' }, NOW);
  expect(flat).toEqual({ ...home, line2: 'Flat 2', version: 2, updatedAt: NOW });
  expect(changeAddress(flat, { line2: null }, NOW)).toEqual({
    ...home,
    version: 3,
    updatedAt: NOW,
  });
});

test('what changes nothing is no version', () => {
  expect(changeAddress(home, { city: 'London', line2: null, region: undefined }, NOW)).toBe(home);
});
