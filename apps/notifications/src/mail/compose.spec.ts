import { describe, expect, it } from '@jest/globals';
import { MAIL_LOCALES } from '@flotilla/contracts/mail';
import {
  composeLinkMail,
  composeOrderMail,
  ORDER_MAILS,
  type OrderMailKind,
  type WantedLinkMail,
} from './compose.js';
import { formatMoney } from './format-money.js';

const URL = 'https://flotilla.example/account/confirm-email?token=t0k3n&x=1';
const link = { email: 'ada@flotilla.example', url: URL, minutes: 15 };
const wanted = (kind: WantedLinkMail['kind'], locale: WantedLinkMail['locale'], name?: string) =>
  composeLinkMail({ id: 'mail-1', kind, locale, name }, link);

describe.each(MAIL_LOCALES)('a mail in %s', (locale) => {
  it.each(['welcome', 'confirm-email', 'reset-password'] as const)(
    '%s says the same in HTML and in plain text, and links once',
    (kind) => {
      const mail = wanted(kind, locale);

      expect(mail).toMatchObject({ id: 'mail-1', to: link.email });
      expect(mail.text).toContain(URL);
      expect(mail.html.split(URL.replace('&', '&amp;'))).toHaveLength(2);
      expect(mail.html).toContain(`<html lang="${locale}">`);
      for (const line of mail.text.split('\n\n')) {
        expect(mail.html).toContain(line.split(':\n')[0]!.trim());
      }
    },
  );
});

describe.each(MAIL_LOCALES)('a mail about an order in %s', (locale) => {
  it.each(Object.keys(ORDER_MAILS) as OrderMailKind[])(
    '%s says which order and what of it, in HTML and in plain text',
    (kind) => {
      const order = {
        name: 'Ada',
        number: '1001',
        lines: [{ name: 'Mug', quantity: 2, total: '€25.00' }],
        total: '€25.00',
        trackingNumber: 'T-42',
      };
      const mail = composeOrderMail({ id: 'mail-1', kind, locale, email: link.email, order });
      for (const form of [mail.text, mail.html]) {
        for (const part of ['1001', 'Ada', 'Mug']) expect(form).toContain(part);
      }
      expect(mail.subject).toContain('1001');
      expect(mail.text.includes('T-42')).toBe(kind === 'order-shipped');
      expect(mail.text.includes('€25.00')).toBe(kind !== 'order-shipped');
    },
  );
});

it.each([
  [{ amount: 1999, currency: 'EUR' }, '€19.99'],
  [{ amount: 1999, currency: 'KRW' }, '₩1,999'],
  [{ amount: 1999, currency: 'BHD' }, 'BHD\u00a01.999'],
  [{ amount: 1999, currency: 'HUF' }, 'HUF\u00a019.99'],
  [{ amount: 1999, currency: 'IQD' }, 'IQD\u00a01.999'],
])('an amount is written in the units of its currency: %p', (money, text) => {
  expect(formatMoney(money, 'en')).toBe(text);
});

it('a name with markup in it stays a name', () => {
  const mail = wanted('welcome', 'en', '<b>Ada</b>');
  expect(mail.html).toContain('&lt;b&gt;Ada&lt;/b&gt;');
  expect(mail.html).not.toContain('<b>');
  expect(mail.text).toContain('<b>Ada</b>');
});

describe('a name that would make of our mail a message from whoever chose it', () => {
  const SPAM = 'Win at\r\n\r\nhttps://evil.example/?a=1 or www.evil.example, ask a@evil.example';

  it.each(MAIL_LOCALES)(
    'holds nothing that a mail program makes a link of, nor a line (%s)',
    (locale) => {
      const mails = [
        wanted('welcome', locale, SPAM),
        ...(Object.keys(ORDER_MAILS) as OrderMailKind[]).map((kind) => {
          const order = { name: SPAM, number: '1', lines: [], total: '', trackingNumber: null };
          return composeOrderMail({ id: 'mail-1', kind, locale, email: link.email, order });
        }),
      ];
      for (const { text, html } of mails) {
        for (const form of [text, html])
          expect(form.replaceAll(link.url, '')).not.toMatch(/evil\.|@evil|:\/\/evil/);
        expect(text).toContain('Win at https //evil example');
      }
    },
  );

  it.each(['J. R. R. Tolkien', 'Ada Lovelace-King', 'O’Neill', '이 도윤'])('is not %s', (name) => {
    expect(wanted('welcome', 'en', name).text).toContain(name);
  });
});
