import type { Preferences, UserView } from '@flotilla/contracts/users';

/** A user as v2 shows one. */
export interface UserV2 extends Pick<UserView, 'id' | 'email'> {
  profile: Pick<UserView, 'firstName' | 'lastName' | 'displayName'>;
  preferences: Preferences;
  createdAt: string;
  updatedAt: string;
}

export function userV2(user: UserView): UserV2 {
  const { id, email, firstName, lastName, displayName, preferences, createdAt, updatedAt } = user;
  return {
    id,
    email,
    profile: { firstName, lastName, displayName },
    preferences,
    createdAt,
    updatedAt,
  };
}
