import { hkdfSync, randomUUID } from 'node:crypto';

const PREFIX = 'whsec_';

/**
 * The secrets of endpoints, which nobody has to keep: each follows from its name and a key of the configuration
 * (HKDF-SHA-256, RFC 5869). A copy of the database tells none of them.
 */
export class EndpointSecrets {
  private readonly keys: Map<string, Buffer>;
  private readonly newest: string;

  /** @param keys 32 bytes each, at least one; new secrets follow from the first, and those of before from all */
  constructor(keys: readonly Buffer[]) {
    this.keys = new Map(keys.map((key) => [derive(key, 'id', 4).toString('hex'), key]));
    this.newest = [...this.keys.keys()][0]!;
  }

  /** The name of a new secret. */
  newName(): string {
    return `${this.newest}.${randomUUID()}`;
  }

  /** The secret of a name, 32 bytes; undefined when the key that it follows from is gone. */
  bytesOf(name: string): Buffer | undefined {
    const key = this.keys.get(name.slice(0, name.indexOf('.')));
    return key && derive(key, name, 32);
  }

  /** The secret as its owner gets to see it (Standard Webhooks). */
  textOf(name: string): string {
    const bytes = this.bytesOf(name);
    if (!bytes) throw new Error('a new secret follows from a key that is there');
    return PREFIX + bytes.toString('base64');
  }
}

function derive(key: Buffer, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `flotilla webhook ${purpose}`, length));
}
