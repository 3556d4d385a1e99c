import { isISO4217CurrencyCode } from 'class-validator';
import { MAX_STOCK, SKU_PATTERN } from '@flotilla/contracts/inventory';
import { ImportRow } from '@flotilla/contracts/catalogue-import';

/** The columns of an import file, in CSV and NDJSON alike. */
export const COLUMNS = ['sku', 'name', 'price_amount', 'price_currency', 'on_hand'] as const;
export type Column = (typeof COLUMNS)[number];

/** A row as a file gives it: all text from CSV, anything from NDJSON. */
export type RawRow = Record<Column, unknown>;

const MAX_NAME = 500;
const UNSTORABLE = /[\0\ufffd]/;

/**
 * A row in our types, or what is wrong with it, in words. The rules are those of `ImportRow`, by hand: class-validator
 * takes a hundred times as long, and files have 100,000 lines.
 */
export function readRow(line: number, raw: RawRow): ImportRow | string {
  const { sku, name, price_amount, price_currency, on_hand } = raw;
  if (typeof sku !== 'string' || !SKU_PATTERN.test(sku)) return 'sku is not a SKU.';
  if (typeof name !== 'string' || name.length > MAX_NAME) {
    return `name has to be text of at most ${MAX_NAME} characters.`;
  }
  if (name.trim() === '') return 'name is blank.';
  if (UNSTORABLE.test(name) || !name.isWellFormed()) return 'name holds what is not text.';
  const amount = wholeNumber(price_amount, Number.MAX_SAFE_INTEGER);
  if (amount === undefined) return 'price_amount is not a whole number of minor units.';
  if (!isCurrency(price_currency)) {
    return 'price_currency is not an ISO 4217 code.';
  }
  const onHand = wholeNumber(on_hand, MAX_STOCK);
  if (onHand === undefined) return `on_hand is not a whole number from 0 to ${MAX_STOCK}.`;
  return { line, sku, name, price: { amount, currency: price_currency }, onHand };
}

function isCurrency(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z]{3}$/.test(value) && isISO4217CurrencyCode(value);
}

/** JSON numbers as they are; text only as plain digits. */
function wholeNumber(value: unknown, max: number): number | undefined {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) return undefined;
  return number >= 0 && number <= max ? number : undefined;
}
