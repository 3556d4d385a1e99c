import type { VersionChange } from '../../http/version-change.js';
import type { UserV2 } from './user-v2.js';

type ProfiledUser = Pick<UserV2, 'id' | 'email' | 'profile' | 'createdAt'>;

/** A user as v1 shows one. */
export interface UserV1 extends Omit<ProfiledUser, 'profile'> {
  name: string;
}

/** One name became a profile. */
export const userProfile: VersionChange<ProfiledUser, UserV1> = {
  name: 'user-profile',
  since: 'v2',
  summary:
    '<code>profile</code> of a user takes the place of <code>name</code>, which was its <code>displayName</code>.',
  down: ({ id, email, profile, createdAt }) => ({
    id,
    email,
    name: profile.displayName,
    createdAt,
  }),
};
