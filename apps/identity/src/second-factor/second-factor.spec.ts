import { describe, expect, it } from '@jest/globals';
import { URI } from 'otpauth';
import { hashRecoveryCode, newRecoveryCode } from './recovery-code.js';
import { newTotpSecret, readableSecret, stepOf, totpUri } from './totp.js';

/** RFC 6238, appendix B: the secret, and what it gives at a time (the last six of eight digits). */
const RFC_SECRET = Buffer.from('12345678901234567890');

describe('a code of an authenticator app', () => {
  it.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [20_000_000_000, '353130', 666_666_666],
  ])('at %d s is what RFC 6238 says', (seconds, code, step) => {
    expect(stepOf(RFC_SECRET, code, new Date(seconds * 1000))).toBe(step);
  });

  it('is taken in the groups in which apps show it', () => {
    expect(stepOf(RFC_SECRET, ' 287 082 ', new Date(59_000))).toBe(1);
  });

  it('is taken one step early or late, as the step it stands for, and no further', () => {
    const at = (seconds: number) => stepOf(RFC_SECRET, '287082', new Date(seconds * 1000));
    expect([at(5), at(89)]).toEqual([1, 1]);
    expect(at(91)).toBeNull();
  });

  it.each(['', '28708', '2870822', '28708a', '287 08', '２８７０８２'])('is not %j', (code) => {
    expect(stepOf(RFC_SECRET, code, new Date(59_000))).toBeNull();
  });
});

describe('a secret', () => {
  it('is shown to people and apps as the same 160 bits', () => {
    const secret = newTotpSecret();
    const read = URI.parse(totpUri(secret, 'Flotilla', 'ada@flotilla.example'));

    expect(secret).toHaveLength(20);
    expect(read).toMatchObject({ issuer: 'Flotilla', label: 'ada@flotilla.example', digits: 6 });
    expect(Buffer.from(read.secret.bytes)).toEqual(secret);
    expect(readableSecret(secret).replaceAll(' ', '')).toBe(read.secret.base32);
  });
});

describe('a recovery code', () => {
  it('is recognised however it is typed', () => {
    const code = newRecoveryCode();
    const hash = hashRecoveryCode(code);
    expect(hash).not.toBeNull();
    expect(hashRecoveryCode(` ${code.toUpperCase().replaceAll('-', ' ')} `)).toEqual(hash);
    const lookalikes = code.replaceAll('0', 'O').replaceAll('1', 'l');
    expect(hashRecoveryCode(lookalikes)).toEqual(hash);
  });

  it('is none when a letter is missing', () => {
    expect(hashRecoveryCode(newRecoveryCode().slice(1))).toBeNull();
  });

  it('never comes twice', () => {
    expect(new Set(Array.from({ length: 1000 }, newRecoveryCode)).size).toBe(1000);
  });
});
