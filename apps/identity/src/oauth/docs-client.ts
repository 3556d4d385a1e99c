import { OAUTH_SCOPES } from '@flotilla/contracts/oauth-scopes';
import type { ClientMetadata } from 'oidc-provider';
import type { IdentityConfig } from '../config.js';

/** The API reference at `/docs`, which signs people in to try things out: the one client that nobody has to register. */
export function docsClient({ issuer }: IdentityConfig): ClientMetadata {
  return {
    client_id: 'docs',
    client_name: 'API reference',
    application_type: 'web',
    redirect_uris: [`${issuer}/docs/oauth2-redirect.html`],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    scope: OAUTH_SCOPES.join(' '),
  };
}
