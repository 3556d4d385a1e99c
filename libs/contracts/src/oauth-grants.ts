import { IsString } from 'class-validator';
import type { OAuthScope } from './oauth-scopes.js';
import { operation } from './operation.js';
import type { Page } from './pages.js';

/** What somebody agreed to give a client. */
export interface GrantView {
  id: string;
  clientId: string;
  clientName: string;
  scopes: OAuthScope[];
  createdAt: string;
  expiresAt: string;
}

/** All grants of the caller: there are as many as clients. */
export class ListGrantsRequest {}

export class GrantIdRequest {
  @IsString()
  grantId: string;
}

export const ListGrants = operation<Page<GrantView>>()(
  'identity.list-grants.v1',
  ListGrantsRequest,
  { idempotent: true },
);
export const WithdrawGrant = operation<object>()('identity.withdraw-grant.v1', GrantIdRequest, {
  idempotent: true,
  errors: ['not-found'],
});
