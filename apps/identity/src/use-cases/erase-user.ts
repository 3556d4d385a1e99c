import type { Actor } from '@flotilla/contracts/actor';
import { notFound } from '@flotilla/contracts/errors';
import { type Id, toId, toUuid } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { erase } from '../domain/user.js';
import { AccountsUnitOfWork, Revocation } from './ports.js';

/** Takes all that is known of a person out of the fleet: here at once, elsewhere as `user.erased` is heard (docs/adr/0006). */
@Injectable()
export class EraseUser {
  constructor(
    private readonly unitOfWork: AccountsUnitOfWork,
    private readonly revocation: Revocation,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `not-found`, also for another user's account; `illegal-transition` for the last administrator */
  async execute(actor: Actor, userId: string): Promise<{ id: Id<'usr'> }> {
    const id = toUuid('usr', userId);
    const isAllowed = userId === actor.userId || actor.permissions.includes('users:admin');
    if (!isAllowed) throw notFound('user');
    await this.unitOfWork.run(async (accounts) => {
      const others = await accounts.countOtherAdministrators(id);
      const user = await accounts.find(id);
      if (user === null) throw notFound('user');
      const at = this.clock.now();
      await accounts.append(user, erase(user, others), at);
      await accounts.erase(user);
      const credentialVersion = user.credentialVersion + 1;
      await accounts.revokeCredentials({ ...user, credentialVersion, disabledAt: at });
    });
    await this.revocation.receipt();
    return { id: toId('usr', id) };
  }
}
