import { canonicalJson } from '@flotilla/contracts/canonical-json';
import { toId } from '@flotilla/contracts/ids';
import type { ChangeProfileBody, Preferences, UserView } from '@flotilla/contracts/users';

/** What a user says of oneself. */
export interface Profile {
  readonly firstName: string;
  readonly lastName: string;
  /** Null until it is chosen: then it follows the names. */
  readonly displayName: string | null;
}

/** All of a user that may change. */
export interface UserState {
  readonly profile: Profile;
  readonly preferences: Preferences;
}

export interface User extends UserState {
  /** The uuid inside the public id. */
  readonly id: string;
  readonly email: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export function changeProfile(before: Profile, changes: ChangeProfileBody): Profile {
  return {
    firstName: changes.firstName ?? before.firstName,
    lastName: changes.lastName ?? before.lastName,
    displayName: changes.displayName ?? before.displayName,
  };
}

/** The user as `after` says; the same version when nothing of it is new. */
export function revised(user: User, after: UserState, at: Date): User {
  const { profile, preferences } = user;
  if (canonicalJson(after) === canonicalJson({ profile, preferences })) return user;
  return { ...user, ...after, version: user.version + 1, updatedAt: at };
}

/** The user as others see one. */
export function toView(user: User): UserView {
  const { firstName, lastName, displayName } = user.profile;
  return {
    id: toId('usr', user.id),
    email: user.email,
    firstName,
    lastName,
    displayName: displayName ?? `${firstName} ${lastName}`,
    preferences: user.preferences,
    createdAt: user.createdAt.toISOString(),
    updatedAt: user.updatedAt.toISOString(),
    version: user.version,
  };
}
