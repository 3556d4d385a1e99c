import type { Actor } from '@flotilla/contracts/actor';
import type { AccountView, ChangeRoleRequest } from '@flotilla/contracts/identity';
import { Injectable } from '@nestjs/common';
import { changeRole } from '../domain/user.js';
import { ChangeUser } from './change-user.js';

/** Gives a user another role; a lower one ends what was issued for a higher. */
@Injectable()
export class ChangeRole {
  constructor(private readonly change: ChangeUser) {}

  /** @throws AppError `illegal-transition` for the last administrator, and what `ChangeUser` throws */
  execute(actor: Actor, { userId, role }: ChangeRoleRequest): Promise<AccountView> {
    return this.change.execute(actor, userId, (user, others) => changeRole(user, role, others));
  }
}
