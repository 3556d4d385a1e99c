import { createHash, randomBytes } from 'node:crypto';

/** Letters and digits that are not mistaken for one another (Crockford's base32, in lower case). */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 16;

/** A code of 80 random bits, in groups of four. */
export function newRecoveryCode(): string {
  const letters = Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]);
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

/**
 * What is stored of a code, or null for what is none. Spaces, dashes and case do not matter, and look-alikes are read as what they
 * look like. 80 random bits need no slow hash.
 */
export function hashRecoveryCode(typed: string): Buffer | null {
  const code = typed.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1');
  if (code.length !== LENGTH || [...code].some((letter) => !ALPHABET.includes(letter))) return null;
  return createHash('sha256').update(code).digest();
}
