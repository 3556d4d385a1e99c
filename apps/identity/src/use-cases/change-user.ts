import type { Actor } from '@flotilla/contracts/actor';
import { notFound } from '@flotilla/contracts/errors';
import { toUuid } from '@flotilla/contracts/ids';
import type { AccountView } from '@flotilla/contracts/identity';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { type Decision, toView, type User } from '../domain/user.js';
import { AccountsUnitOfWork, Revocation } from './ports.js';

/** Carries out what an administrator decides about a user. */
@Injectable()
export class ChangeUser {
  constructor(
    private readonly unitOfWork: AccountsUnitOfWork,
    private readonly revocation: Revocation,
    private readonly clock: Clock,
  ) {}

  /**
   * @param decide is given the user, how many other administrators there are, and what time it is
   * @throws AppError `not-found`, also for who may not administer users; what `decide` throws;
   *   `unavailable` when it is not known whether every gateway has heard
   */
  async execute(
    actor: Actor,
    userId: string,
    decide: (user: User, otherAdministrators: number, at: Date) => Decision,
  ): Promise<AccountView> {
    const id = toUuid('usr', userId);
    if (!actor.permissions.includes('users:admin')) throw notFound('user');
    const changed = await this.unitOfWork.run(async (accounts) => {
      const at = this.clock.now();
      const others = await accounts.countOtherAdministrators(id);
      const before = await accounts.find(id);
      if (before === null) throw notFound('user');
      const { user, events } = decide(before, others, at);
      if (events.length === 0) return toView(user);
      await accounts.save(user);
      await accounts.append(user, events, at);
      await accounts.revokeCredentials(user);
      return toView(user);
    });
    await this.revocation.receipt();
    return changed;
  }
}
