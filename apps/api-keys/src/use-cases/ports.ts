import type { Role } from '@flotilla/contracts/actor';
import type { ApiKeyEvents } from '@flotilla/contracts/api-keys';
import type { Id } from '@flotilla/contracts/ids';
import type { Transaction } from '@flotilla/runtime/database';
import type { ApiKey } from '../domain/api-key.js';

/** What may be done with keys inside one transaction. */
export interface ApiKeysTransaction {
  insert(key: ApiKey, hash: Buffer): Promise<void>;
  /** The key, locked, if it is this owner's. */
  find(keyId: string, ownerId: string): Promise<ApiKey | null>;
  markRevoked(keyId: string, at: Date): Promise<void>;
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

/** Asks identity what a user may be allowed at most. */
export abstract class AccountRoles {
  /** @throws AppError `not-found` */
  abstract roleOf(userId: Id<'usr'>): Promise<Role>;
}
