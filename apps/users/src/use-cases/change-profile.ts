import type { Actor } from '@flotilla/contracts/actor';
import type { ChangeProfileRequest, UserView } from '@flotilla/contracts/users';
import { Injectable } from '@nestjs/common';
import { changeProfile } from '../domain/user.js';
import { ChangeUser } from './change-user.js';

/** Changes what a user is called. */
@Injectable()
export class ChangeProfile {
  constructor(private readonly change: ChangeUser) {}

  /** @throws AppError `not-found`, `precondition-failed` */
  execute(actor: Actor, request: ChangeProfileRequest): Promise<UserView> {
    return this.change.execute(actor, request, ({ profile, preferences }) => ({
      profile: changeProfile(profile, request.changes),
      preferences,
    }));
  }
}
