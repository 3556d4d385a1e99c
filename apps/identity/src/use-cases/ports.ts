import type { RevocationReceipt } from '@flotilla/contracts/revocation';
import type { Transaction } from '@flotilla/runtime/database';
import type { Password } from '../domain/password.js';
import type { User, UserEvent } from '../domain/user.js';

/** What may be done with accounts inside one transaction. */
export interface AccountsTransaction {
  /** The account, which nobody else changes until the transaction ends. */
  find(userId: string): Promise<User | null>;
  findByEmail(email: string): Promise<User | null>;
  /** How many others could administer; from here to the end of the transaction nobody else decides about administrators. */
  countOtherAdministrators(userId: string): Promise<number>;
  /** Writes an account, a new one or one that was found. @throws AppError `email-taken`, and the transaction is over */
  save(user: User): Promise<void>;
  /** Takes an account away, and what its events and answers say about the person. */
  erase(user: User): Promise<void>;
  /** Writes the next events of a user's stream, published after the commit, and into the audit trail. */
  append(user: User, events: readonly UserEvent[], at: Date): Promise<void>;
  /**
   * Ends what was issued to the user under an earlier credential version, and everything once the user is disabled. The last
   * statement of a transaction: from here to the commit nobody else can revoke.
   */
  revokeCredentials(user: User): Promise<void>;
}

/** Waits, after a commit, until the gateways know what was revoked. */
export abstract class Revocation {
  /** @throws AppError `unavailable` */
  abstract receipt(): Promise<RevocationReceipt>;
}

/** Runs work in one transaction. */
export abstract class AccountsUnitOfWork {
  abstract run<T>(work: (tx: AccountsTransaction) => Promise<T>): Promise<T>;

  /** The same inside a transaction that has begun already. */
  abstract within(tx: Transaction): AccountsTransaction;
}

/** Passwords as they are stored. Slow by design, and so never inside a transaction. */
export abstract class Passwords {
  /** @throws AppError `unavailable` when too many wait already */
  abstract hash(password: Pick<Password, 'text'>): Promise<string>;

  /** Whether a text is the password of a hash; for undefined never, after the same time. @throws AppError `unavailable` */
  abstract matches(text: string, hash: string | undefined): Promise<boolean>;

  /** Whether a hash was made when less was asked of one. */
  abstract isOutdated(hash: string): boolean;
}
