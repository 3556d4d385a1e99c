import type { Actor } from '@flotilla/contracts/actor';
import { notFound } from '@flotilla/contracts/errors';
import { Injectable } from '@nestjs/common';
import type { User } from '../domain/user.js';
import { userFor } from '../domain/user-access.js';
import { Accounts, Users } from './ports.js';

/** Finds a user; one whose registration has not been heard yet, too, so that who registers is there from then on. */
@Injectable()
export class GetUser {
  constructor(
    private readonly users: Users,
    private readonly accounts: Accounts,
  ) {}

  /** Oneself, or anybody for `users:admin`. @throws AppError `not-found`, `unavailable` */
  async execute(actor: Actor, userId: string): Promise<User> {
    const id = userFor(actor, userId);
    const user = (await this.users.find(id)) ?? (await this.heardNow(id));
    if (user === null) throw notFound('user');
    return user;
  }

  private async heardNow(id: string): Promise<User | null> {
    await this.accounts.catchUp(id);
    return this.users.find(id);
  }
}
