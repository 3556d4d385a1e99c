import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, so that one round of SHA-256 is enough to keep them. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** Several hashes as oidc-provider carries them: in the place of the secret. */
export function encodeHashes(hashes: readonly Buffer[]): string {
  return hashes.map((one) => one.toString('base64url')).join('.');
}

/** Whether a secret is one of those that were hashed. */
export function matchesHashes(encoded: string | undefined, secret: string): boolean {
  const shown = hashSecret(secret);
  const known = (encoded ?? '').split('.').map((text) => Buffer.from(text, 'base64url'));
  return (
    known.filter((one) => one.length === shown.length && timingSafeEqual(one, shown)).length > 0
  );
}
