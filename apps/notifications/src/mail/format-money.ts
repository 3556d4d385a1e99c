import type { MailLocale } from '@flotilla/contracts/mail';
import type { Money } from '@flotilla/contracts/money';

/**
 * Digits after the point of the currencies that have not two (ISO 4217, list one). What `Intl` goes by is what people write by hand
 * (CLDR): none for forints, whose minor unit is a hundredth all the same.
 */
const DIGITS: Record<string, number> = {
  ...of(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...of(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...of(4, 'CLF UYW'),
};

/** An amount as people of the language write it, to the last minor unit. */
export function formatMoney({ amount, currency }: Money, locale: MailLocale): string {
  const digits = DIGITS[currency] ?? 2;
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(amount / 10 ** digits);
}

function of(digits: number, currencies: string): Record<string, number> {
  return Object.fromEntries(currencies.split(' ').map((currency) => [currency, digits]));
}
