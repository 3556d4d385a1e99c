import { type Role, ROLES } from '@flotilla/contracts/actor';
import { Optional } from '@flotilla/contracts/optional';
import { ChangeProfileBody } from '@flotilla/contracts/users';
import { IsIn } from 'class-validator';

/** The body of `PATCH /users/{id}`: what is left out stays. */
export class ChangeUserBody extends ChangeProfileBody {
  /** What the user may do at most; a lower role ends tokens and sessions of a higher one. */
  @Optional()
  @IsIn(ROLES)
  role?: Role;
}
