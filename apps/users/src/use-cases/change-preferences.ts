import type { Actor } from '@flotilla/contracts/actor';
import type { ChangePreferencesRequest, UserView } from '@flotilla/contracts/users';
import { Injectable } from '@nestjs/common';
import { changePreferences } from '../domain/preferences.js';
import { ChangeUser } from './change-user.js';

/** Changes what a user prefers. */
@Injectable()
export class ChangePreferences {
  constructor(private readonly change: ChangeUser) {}

  /** @throws AppError `not-found`, `precondition-failed`, `validation-failed` */
  execute(actor: Actor, request: ChangePreferencesRequest): Promise<UserView> {
    return this.change.execute(actor, request, ({ profile, preferences }) => ({
      profile,
      preferences: changePreferences(preferences, request.changes),
    }));
  }
}
