import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EmailAddress } from './email-address.js';

test.each([
  [' Ada@Example.COM\t', 'ada@example.com'],
  ["o'brien+tag@mail.example.co.uk", "o'brien+tag@mail.example.co.uk"],
  ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
  [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
])('%j is the address %s', (given, text) => {
  expect(EmailAddress.parse(given).text).toBe(text);
});

test.each([
  '',
  'ada',
  'ada@',
  '@example.com',
  'ada@localhost',
  'ada@127.0.0.1',
  'ada@@example.com',
  'ada lovelace@example.com',
  'ada@example..com',
  '.ada@example.com',
  'ada.@example.com',
  'ada@-example.com',
  'ada@example.com\r\nBcc: eve@example.com',
  'Ada <ada@example.com>',
  'аda@example.com',
  `${'a'.repeat(65)}@example.com`,
  `a@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.${'e'.repeat(63)}.com`,
])('%j is no address', (given) => {
  expect(() => EmailAddress.parse(given)).toThrow(
    expect.objectContaining({
      code: 'validation-failed',
      details: { errors: [expect.objectContaining({ pointer: '/email', code: 'email' })] },
    }),
  );
});

test('an address is one and the same in whatever case and between whatever spaces it is written', () => {
  const space = fc.constantFrom('', ' ', '\t', '\u00a0');
  fc.assert(
    fc.property(fc.emailAddress(), space, space, (address, before, after) => {
      const { text } = EmailAddress.parse(address);
      expect(EmailAddress.parse(before + address.toUpperCase() + after).text).toBe(text);
      expect(EmailAddress.parse(text).text).toBe(text);
    }),
  );
});

test('whatever is typed is either an address without spaces or refused', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (given) => {
      try {
        expect(EmailAddress.parse(given).text).toMatch(/^[!-~]+@[a-z0-9.-]+$/);
      } catch (error) {
        expect(error).toMatchObject({ code: 'validation-failed' });
      }
    }),
  );
});

test('what almost is an address is refused in a lifetime, as an expression that tries every way would not', () => {
  const labels = `x@${'a-'.repeat(30)}a.`.repeat(3);
  for (const given of ['a.'.repeat(126), `${'a'.repeat(253)}!`, labels, 'a.'.repeat(50_000)]) {
    expect(() => EmailAddress.parse(`${given}@`)).toThrow();
  }
});
