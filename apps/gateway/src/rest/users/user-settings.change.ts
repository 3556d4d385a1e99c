import type { VersionChange } from '../../http/version-change.js';
import type { UserV2 } from './user-v2.js';

/** Users show their preferences, and when either last changed. */
export const userSettings: VersionChange<UserV2, Omit<UserV2, 'preferences' | 'updatedAt'>> = {
  name: 'user-settings',
  since: 'v2',
  summary: 'A user shows <code>preferences</code> and <code>updatedAt</code>.',
  down: ({ id, email, profile, createdAt }) => ({ id, email, profile, createdAt }),
};
