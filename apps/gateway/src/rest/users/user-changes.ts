import type { VersionChange } from '../../http/version-change.js';
import { userProfile, type UserV1 } from './user-profile.change.js';
import { userSettings } from './user-settings.change.js';
import type { UserV2 } from './user-v2.js';

/** How users came to be what v2 shows, oldest change first. */
export const USER_CHANGES: readonly VersionChange[] = [userProfile, userSettings];

/** A user as the version that is asked for shows one. */
export type User = UserV1 | UserV2;
