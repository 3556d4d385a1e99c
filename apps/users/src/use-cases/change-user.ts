import type { Actor } from '@flotilla/contracts/actor';
import type { UserView, VersionedUserRequest } from '@flotilla/contracts/users';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { revised, toView, type User, type UserState } from '../domain/user.js';
import { GetUser } from './get-user.js';
import { Users } from './ports.js';

/** Makes a user what the use case on top of it decides. */
@Injectable()
export class ChangeUser {
  constructor(
    private readonly getUser: GetUser,
    private readonly users: Users,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `not-found`, `precondition-failed`, and what `decide` throws */
  async execute(
    actor: Actor,
    { userId, version }: VersionedUserRequest,
    decide: (before: User) => UserState,
  ): Promise<UserView> {
    const { id } = await this.getUser.execute(actor, userId);
    const changed = await this.users.change({ id, version }, (before) =>
      revised(before, decide(before), this.clock.now()),
    );
    return toView(changed);
  }
}
