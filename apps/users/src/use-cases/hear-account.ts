import type { AccountEvents } from '@flotilla/contracts/identity';
import { DEFAULT_PREFERENCES } from '@flotilla/contracts/users';
import type { Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { type AccountEvent, Users } from './ports.js';

/** Follows what identity tells of a user's account. */
@Injectable()
export class HearAccount {
  constructor(private readonly users: Users) {}

  /** Inside the transaction of the inbox. */
  async execute(tx: Transaction, event: AccountEvent): Promise<void> {
    if (event.type === 'user.erased') return this.users.erase(tx, event.streamId);
    if (event.type !== 'user.registered') return;
    const { email, firstName, lastName } = event.data as AccountEvents['user.registered'];
    // Erased before this was heard.
    if (email === null || firstName === null || lastName === null) return;
    const at = new Date(event.occurredAt);
    await this.users.add(tx, {
      id: event.streamId,
      email,
      profile: { firstName, lastName, displayName: null },
      preferences: DEFAULT_PREFERENCES,
      version: 1,
      createdAt: at,
      updatedAt: at,
    });
  }
}
