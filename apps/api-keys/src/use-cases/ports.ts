import type { Actor, Mode, Role } from '@flotilla/contracts/actor';
import type { ApiKeyEvents } from '@flotilla/contracts/api-keys';
import type { Id } from '@flotilla/contracts/ids';
import type { RevocationReceipt } from '@flotilla/contracts/revocation';
import type { Transaction } from '@flotilla/runtime/database';
import type { ApiKey } from '../domain/api-key.js';

/** What may be done with keys inside one transaction. */
export interface ApiKeysTransaction {
  /**
   * Lets no erasure of the owner in until the transaction ends. As the first statement of what makes a key.
   * @throws AppError `not-found` for one who was erased
   */
  keepOwner(ownerId: string): Promise<void>;
  /** Marks an owner as erased, once whoever makes a key for them is done. As the first statement. */
  endOwner(ownerId: string): Promise<void>;
  insert(key: ApiKey, hash: Buffer): Promise<void>;
  update(key: ApiKey): Promise<void>;
  /** The key, locked, if it is this owner's; in test mode only a test key. */
  find(keyId: string, ownerId: string, mode: Mode): Promise<ApiKey | null>;
  /** The key that a caller uses; null for one who signed in. */
  usedBy(actor: Actor): Promise<ApiKey | null>;
  /** The keys of an owner that are not revoked, locked. */
  unrevokedOf(ownerId: string): Promise<ApiKey[]>;
  /** Takes what an owner wrote out of keys, and out of the answers that are kept for retries. */
  anonymize(ownerId: string): Promise<void>;
  /** Makes every gateway forget what it knows of the key. As the last statement: others wait for it from here on. */
  outdate(keyId: string): Promise<void>;
  /** Writes the next event of a key's stream, published after the commit. */
  append<Type extends keyof ApiKeyEvents>(
    keyId: string,
    version: number,
    event: { type: Type; data: ApiKeyEvents[Type]; at: Date },
  ): Promise<void>;
}

/** Runs work in one transaction. */
export abstract class ApiKeysUnitOfWork {
  abstract run<T>(work: (tx: ApiKeysTransaction) => Promise<T>): Promise<T>;

  /** The same inside a transaction that has begun already. */
  abstract within(tx: Transaction): ApiKeysTransaction;
}

/** Finds a key by the SHA-256 of its text, hex. */
export abstract class KeysByHash {
  abstract findByHash(hash: string): Promise<ApiKey | null>;
}

/** Asks identity what a user may be allowed at most. */
export abstract class AccountRoles {
  /** Null for a user who may not enter: disabled, or not there. */
  abstract roleOf(userId: Id<'usr'>): Promise<Role | null>;
}

/** Waits, after a commit, until the gateways know what was written to the revocation feed. */
export abstract class Revocation {
  /** @throws AppError `unavailable` */
  abstract receipt(): Promise<RevocationReceipt>;
}
