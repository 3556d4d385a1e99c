import type { Id } from './ids.js';
import { AccountIdRequest } from './identity.js';
import { operation } from './operation.js';

export interface ProfileView {
  id: Id<'usr'>;
  email: string;
  firstName: string;
  lastName: string;
  displayName: string;
  createdAt: string;
  updatedAt: string;
}

export const GetProfile = operation<ProfileView>()('users.get-profile.v1', AccountIdRequest, {
  idempotent: true,
  errors: ['not-found'],
});
