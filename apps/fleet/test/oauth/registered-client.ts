import type { OAuthClientWithSecret } from '@flotilla/contracts/oauth-clients';
import type { HttpClient } from '@flotilla/testing/http-client';

export const CALLBACK = 'https://shop.example/callback';
export const SIGNED_OUT = 'https://shop.example/bye';

/** A client as an application is configured with it. */
export interface RegisteredClient {
  id: string;
  secret: string;
}

/** Registers a confidential web application, unless told otherwise. */
export async function registerClient(
  administrator: HttpClient,
  over: object = {},
): Promise<RegisteredClient> {
  const { status, body } = await administrator.post<OAuthClientWithSecret>('/api/oauth-clients', {
    clientName: 'Shop',
    redirectUris: [CALLBACK],
    grantTypes: ['authorization_code', 'refresh_token'],
    scopes: ['openid', 'email', 'offline_access', 'orders:read'],
    tokenEndpointAuthMethod: 'client_secret_basic',
    postLogoutRedirectUris: [SIGNED_OUT],
    ...over,
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { id: body.clientId, secret: body.clientSecret ?? '' };
}
