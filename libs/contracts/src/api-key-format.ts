import { crc32 } from 'node:zlib';

/** Digits of base62 in the order of their value. */
export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 256 random bits need 43 digits of base62. */
export const KEY_SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const KEY_PATTERN = /^sk_(?:live|test)_[0-9A-Za-z]{49}$/;

/** A number as base62, padded with zeros on the left to `length` digits. */
export function toBase62(value: bigint, length: number): string {
  let digits = '';
  for (let rest = value; rest > 0n; rest /= 62n) digits = BASE62[Number(rest % 62n)]! + digits;
  return digits.padStart(length, '0');
}

/** The same of a number below 2^53, ten times as fast: every request pays for it. */
function smallToBase62(value: number, length: number): string {
  let digits = '';
  for (let rest = value; digits.length < length; rest = Math.floor(rest / 62)) {
    digits = BASE62[rest % 62]! + digits;
  }
  return digits;
}

/** The last six characters of a key: CRC-32 (IEEE 802.3) of all before them. */
export function checksum(body: string): string {
  return smallToBase62(crc32(body), CHECKSUM_LENGTH);
}

/** Whether a text can be an API key at all, so that a typo or a guess costs no look-up. */
export function isWellFormedKey(key: string): boolean {
  return (
    KEY_PATTERN.test(key) &&
    key.slice(-CHECKSUM_LENGTH) === checksum(key.slice(0, -CHECKSUM_LENGTH))
  );
}
