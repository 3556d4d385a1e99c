import { DEFAULT_PREFERENCES } from '@flotilla/contracts/users';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changePreferences } from './preferences.js';

const change = (changes: object) => changePreferences(DEFAULT_PREFERENCES, changes);

test.each([
  [{ locale: 'en-gb' }, { locale: 'en-GB' }],
  [{ locale: 'ZH-hant-tw' }, { locale: 'zh-Hant-TW' }],
  [{ currency: 'JPY' }, { currency: 'JPY' }],
  [{ timezone: 'europe/berlin' }, { timezone: 'Europe/Berlin' }],
  [{ timezone: 'Asia/Kolkata' }, { timezone: 'Asia/Kolkata' }],
  [{ emailOrderUpdates: false }, { emailOrderUpdates: false }],
  [{}, {}],
])('%j changes %j and nothing else', (changes, changed) => {
  expect(change(changes)).toEqual({ ...DEFAULT_PREFERENCES, ...changed });
});

test.each([
  ['locale', ['', 'e', 'en_GB', 'english language', 'en-']],
  ['currency', ['XYZ', 'ABC', 'eur']],
  ['timezone', ['', 'Mars/Olympus', '+01:00', '-05', 'Europe/Berlin ']],
])('%s is refused as %j', (field, values) => {
  for (const value of values) {
    expect(() => change({ [field]: value })).toThrow(
      expect.objectContaining({
        code: 'validation-failed',
        details: { errors: [expect.objectContaining({ pointer: `/${field}`, code: field })] },
      }),
    );
  }
});

test('all that is wrong is said at once', () => {
  expect(() => change({ locale: '!', currency: 'XYZ', timezone: '?' })).toThrow(
    expect.objectContaining({
      details: {
        errors: ['/locale', '/currency', '/timezone'].map((pointer) =>
          expect.objectContaining({ pointer }),
        ),
      },
    }),
  );
});

test('what was accepted is accepted again, and stays as it is', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
      fc.constantFrom(...Intl.supportedValuesOf('currency')),
      fc.constantFrom('en', 'de-AT', 'pt-BR', 'sr-Latn-RS', 'en-US-u-ca-buddhist'),
      (timezone, currency, locale) => {
        const once = change({ timezone, currency, locale });
        expect(changePreferences(once, once)).toEqual(once);
      },
    ),
  );
});
