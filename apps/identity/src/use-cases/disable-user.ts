import type { Actor } from '@flotilla/contracts/actor';
import type { AccountView } from '@flotilla/contracts/identity';
import { Injectable } from '@nestjs/common';
import { disable } from '../domain/user.js';
import { ChangeUser } from './change-user.js';

/** Ends every token, session and key of a user; repeating it changes nothing more. */
@Injectable()
export class DisableUser {
  constructor(private readonly change: ChangeUser) {}

  /** @throws AppError `illegal-transition` for the last administrator, and what `ChangeUser` throws */
  execute(actor: Actor, userId: string): Promise<AccountView> {
    return this.change.execute(actor, userId, disable);
  }
}
