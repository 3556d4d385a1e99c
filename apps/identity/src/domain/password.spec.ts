import { inspect } from 'node:util';
import type { AppError } from '@flotilla/contracts/errors';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CommonPasswords, Password } from './password.js';

class Listed extends CommonPasswords {
  has(text: string): boolean {
    return ['password1234', 'sunshine1'].includes(text.toLowerCase());
  }
}
const COMMON = new Listed();

function refusalOf(text: string): string | undefined {
  try {
    expect(Password.choose(text, COMMON).text).toBe(text);
    return undefined;
  } catch (error) {
    const [field] = (error as AppError<'validation-failed'>).details!.errors;
    expect(field!.pointer).toBe('/password');
    return field!.code;
  }
}

test.each([
  ['correct horse', undefined],
  ['aaaaaaaaaaaa', undefined],
  ['aaaaaaaaaaa', 'min-length'],
  ['Abcdefg1', undefined],
  ['Äöüßabc1', undefined],
  ['Abcdef1', 'min-length'],
  ['abcdefg1', 'min-length'],
  ['ABCDEFG1', 'min-length'],
  ['Abcdefgh', 'min-length'],
  ['', 'min-length'],
  ['x'.repeat(128), undefined],
  ['x'.repeat(129), 'max-length'],
  ['🦜'.repeat(12), undefined],
  ['🦜'.repeat(11), 'min-length'],
  ['🦜'.repeat(128), undefined],
  ['🦜'.repeat(129), 'max-length'],
  ['password1234', 'common'],
  ['Password1234', 'common'],
  ['Sunshine1', 'common'],
])('%j: %s', (text, refusal) => {
  expect(refusalOf(text)).toBe(refusal);
});

test('12 to 128 characters will do whatever they are, unless many people use them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 12, maxLength: 128 }), (text) =>
      expect(refusalOf(text)).toBeUndefined(),
    ),
  );
});

test('less than 8 characters never will', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 7 }), (text) =>
      expect(refusalOf(text)).toBe('min-length'),
    ),
  );
});

test('the text of a password shows in no JSON and in no log', () => {
  const password = Password.choose('correct horse', COMMON);
  expect(JSON.stringify({ password })).toBe('{"password":{}}');
  expect(inspect(password)).not.toContain('horse');
});
