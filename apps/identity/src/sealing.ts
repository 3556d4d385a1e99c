import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

interface SealingKey {
  /** Says which key sealed something, and nothing about the key. */
  id: Buffer;
  secret: Buffer;
}

/**
 * Seals what may not be read from a copy of the database: AES-256-GCM (NIST SP 800-38D) under keys of the configuration.
 * A new key goes in front of the list; the old one stays until everything was sealed anew (`Reseal`).
 */
export class Sealing {
  private readonly sealingKeys: SealingKey[];

  /** @param keys 32 bytes each, at least one; the first seals, all open */
  constructor(private readonly keys: readonly Buffer[]) {
    this.sealingKeys = keys.map((key) => ({
      id: hkdf(key, 'sealing-key-id', ID_BYTES),
      secret: hkdf(key, 'sealing', 32),
    }));
  }

  /** Key id ‖ nonce ‖ ciphertext ‖ tag. `place` is where it is stored: moved elsewhere it does not open. */
  seal(place: string, plaintext: Buffer): Buffer {
    const { id, secret } = this.sealingKeys[0]!;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, secret, nonce).setAAD(Buffer.from(place));
    return Buffer.concat([
      id,
      nonce,
      cipher.update(plaintext),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  }

  /** What was sealed for this place; undefined when it was tampered with, or when its key is gone. */
  open(place: string, sealed: Buffer): Buffer | undefined {
    const id = sealed.subarray(0, ID_BYTES);
    const key = this.sealingKeys.find((candidate) => candidate.id.equals(id));
    if (!key || sealed.length < ID_BYTES + NONCE_BYTES + TAG_BYTES) return undefined;
    const nonce = sealed.subarray(ID_BYTES, ID_BYTES + NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, key.secret, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      const ciphertext = sealed.subarray(ID_BYTES + NONCE_BYTES, -TAG_BYTES);
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    } catch {
      return undefined;
    }
  }

  /** Whether there are keys that only open. */
  get hasEarlierKeys(): boolean {
    return this.keys.length > 1;
  }

  /** Whether one of those has sealed it. */
  isOutdated(sealed: Buffer): boolean {
    const id = sealed.subarray(0, ID_BYTES);
    return this.sealingKeys.findIndex((key) => key.id.equals(id)) > 0;
  }

  /** The same under the key that seals; undefined for what does not open. */
  reseal(place: string, sealed: Buffer): Buffer | undefined {
    const plaintext = this.open(place, sealed);
    return plaintext && this.seal(place, plaintext);
  }

  /** A secret of 32 bytes for one purpose from each key, in their order (HKDF-SHA-256, RFC 5869). */
  derive(purpose: string): Buffer[] {
    return this.keys.map((key) => hkdf(key, purpose, 32));
  }
}

function hkdf(key: Buffer, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `flotilla ${purpose}`, length));
}
