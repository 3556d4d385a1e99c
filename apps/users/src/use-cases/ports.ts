import type { EventEnvelope } from '@flotilla/contracts/events';
import type { AccountEvents } from '@flotilla/contracts/identity';
import type { Sql, Transaction } from '@flotilla/runtime/database';
import type { Address } from '../domain/address.js';
import type { User } from '../domain/user.js';

/** Something at a version, or at any. */
export interface VersionedRef {
  /** A uuid. */
  id: string;
  version?: number | undefined;
}

/** An event of a user's account, as identity tells it. */
export type AccountEvent = EventEnvelope<keyof AccountEvents, AccountEvents[keyof AccountEvents]>;

/** Users, as far as their registrations were heard. */
export abstract class Users {
  abstract find(id: string): Promise<User | null>;

  /** Adds a user; inside the transaction of the inbox. */
  abstract add(tx: Sql, user: User): Promise<void>;

  /** Takes away all that is kept of a user; inside the transaction of the inbox. */
  abstract erase(tx: Transaction, id: string): Promise<void>;

  /** Makes a user what `decide` says, in one transaction. @throws AppError `not-found`, `precondition-failed` */
  abstract change(ref: VersionedRef, decide: (before: User) => User): Promise<User>;
}

/** What identity tells of users. */
export abstract class Accounts {
  /** Hears at once what there is to hear of a user. @throws AppError `unavailable`, `deadline-exceeded` */
  abstract catchUp(userId: string): Promise<void>;
}

/** Addresses; those of others are not there. */
export abstract class Addresses {
  abstract add(tx: Transaction, ownerId: string, address: Address): Promise<void>;

  /** Makes an address what `decide` says, in one transaction. @throws AppError `not-found`, `precondition-failed` */
  abstract change(
    ownerId: string,
    ref: VersionedRef,
    decide: (before: Address) => Address,
  ): Promise<Address>;

  /** @throws AppError `not-found`, `precondition-failed` */
  abstract remove(ownerId: string, ref: VersionedRef): Promise<void>;
}
