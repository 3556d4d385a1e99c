import { HOTP, Secret, TOTP } from 'otpauth';

/** RFC 4226 §4 asks for at least 128 bits and recommends 160. */
const SECRET_BYTES = 20;
const PERIOD_SECONDS = 30;
/** Steps to either side that count as now: clocks of telephones differ. */
const WINDOW = 1;

/** A fresh secret for an authenticator app. */
export function newTotpSecret(): Buffer {
  return Buffer.from(new Secret({ size: SECRET_BYTES }).bytes);
}

/** A secret as people type it in: base32 in groups of four. */
export function readableSecret(secret: Buffer): string {
  return toSecret(secret).base32.replace(/(.{4})(?=.)/g, '$1 ');
}

/** What authenticator apps read from the QR code (https://github.com/google/google-authenticator/wiki/Key-Uri-Format). */
export function totpUri(secret: Buffer, issuer: string, label: string): string {
  return new TOTP({ ...parameters(secret), issuer, label }).toString();
}

/**
 * The time step that a code stands for (RFC 6238), or null when it is none of the steps around `now`. Spaces do not matter:
 * apps show codes in groups. A step must not be accepted twice (RFC 6238 §5.2): the caller keeps the last one.
 */
export function stepOf(secret: Buffer, typed: string, now: Date): number | null {
  const token = typed.replaceAll(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const counter = TOTP.counter({ period: PERIOD_SECONDS, timestamp: now.getTime() });
  const delta = HOTP.validate({ ...parameters(secret), token, counter, window: WINDOW });
  return delta === null ? null : counter + delta;
}

function parameters(secret: Buffer) {
  return { secret: toSecret(secret), digits: 6, algorithm: 'SHA1', period: PERIOD_SECONDS };
}

function toSecret(bytes: Buffer): Secret {
  return new Secret({ buffer: Uint8Array.from(bytes).buffer });
}
