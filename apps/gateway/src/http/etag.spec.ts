import { describe, expect, it } from '@jest/globals';
import { etagOf, matchHolds, noneMatchHolds } from './etag.js';

describe('etagOf', () => {
  it('differs when a byte differs and is the same when none does', () => {
    expect(etagOf('{"a":1}')).toBe(etagOf('{"a":1}'));
    expect(etagOf('{"a":1}')).not.toBe(etagOf('{"a":2}'));
    expect(etagOf('')).toMatch(/^"[\w-]{27}"$/);
  });
});

describe('noneMatchHolds', () => {
  it.each([
    [undefined, true],
    ['"a"', false],
    ['"b", "a"', false],
    ['W/"a"', false],
    ['"a-br"', false],
    ['*', false],
    ['"b"', true],
    ['a', true],
  ])('If-None-Match: %s', (header, holds) => expect(noneMatchHolds(header, '"a"')).toBe(holds));
});

describe('matchHolds', () => {
  it.each([
    ['"a"', true],
    ['"b", "a"', true],
    ['"a-gzip"', true],
    ['*', true],
    ['"b"', false],
    ['W/"a"', false],
    ['a', false],
    ['', false],
  ])('If-Match %s names "a": %s', (header, holds) => {
    expect(matchHolds(header, '"a"')).toBe(holds);
  });
});
