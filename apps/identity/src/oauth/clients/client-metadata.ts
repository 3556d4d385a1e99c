import { type Id, toId } from '@flotilla/contracts/ids';
import type {
  CreateOAuthClientBody,
  OAuthClientBody,
  OAuthClientView,
} from '@flotilla/contracts/oauth-clients';
import {
  type ClientAuthMethod,
  type OAuthGrantType,
  type OAuthScope,
  OPENID_SCOPES,
} from '@flotilla/contracts/oauth-scopes';

/** What a client is registered with (RFC 7591 §2), without id and secret. */
export interface ClientMetadata {
  client_name: string;
  application_type: 'web' | 'native';
  redirect_uris: string[];
  grant_types: OAuthGrantType[];
  response_types: ('code' | 'none')[];
  scope: string;
  token_endpoint_auth_method: ClientAuthMethod;
  post_logout_redirect_uris: string[];
  backchannel_logout_uri?: string;
  backchannel_logout_session_required?: boolean;
  jwks?: { keys: object[] };
  jwks_uri?: string;
  dpop_bound_access_tokens?: boolean;
  [member: string]: unknown;
}

/** A client as it is stored. */
export interface StoredClient {
  id: string;
  ownerId: string | null;
  metadata: ClientMetadata;
  createdAt: Date;
  updatedAt: Date;
}

/** The metadata of a new client; what is not said has the defaults of a web application that people sign in to. */
export function newMetadata(body: CreateOAuthClientBody): ClientMetadata {
  const defaults: ClientMetadata = {
    client_name: body.clientName,
    application_type: 'web',
    redirect_uris: [],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: [],
    scope: OPENID_SCOPES.join(' '),
    token_endpoint_auth_method: 'client_secret_basic',
    post_logout_redirect_uris: [],
  };
  return changedMetadata(defaults, body);
}

/** The metadata with what a body says; what it leaves out stays. */
export function changedMetadata(known: ClientMetadata, body: OAuthClientBody): ClientMetadata {
  const said: Partial<ClientMetadata> = {
    client_name: body.clientName,
    redirect_uris: body.redirectUris,
    grant_types: body.grantTypes,
    scope: body.scopes?.join(' '),
    token_endpoint_auth_method: body.tokenEndpointAuthMethod,
    post_logout_redirect_uris: body.postLogoutRedirectUris,
    backchannel_logout_uri: body.backchannelLogoutUri,
    jwks: body.jwks,
    jwks_uri: body.jwksUri,
    dpop_bound_access_tokens: body.dpopBoundAccessTokens,
  };
  const given = Object.entries(said).filter(([, value]) => value !== undefined);
  const changed = { ...known, ...Object.fromEntries(given) } as ClientMetadata;
  const { backchannel_logout_uri: logoutUri, grant_types: grantTypes } = changed;
  return {
    ...changed,
    application_type: isNative(changed) ? 'native' : 'web',
    response_types: grantTypes.includes('authorization_code') ? ['code'] : [],
    ...(logoutUri && { backchannel_logout_session_required: true }),
  };
}

/** A client as people who administer clients see it. */
export function toView({
  id,
  ownerId,
  metadata,
  createdAt,
  updatedAt,
}: StoredClient): OAuthClientView {
  return {
    clientId: toId('cli', id),
    clientName: metadata.client_name,
    redirectUris: metadata.redirect_uris,
    grantTypes: metadata.grant_types,
    scopes: metadata.scope.split(' ').filter(Boolean) as OAuthScope[],
    tokenEndpointAuthMethod: metadata.token_endpoint_auth_method,
    postLogoutRedirectUris: metadata.post_logout_redirect_uris,
    backchannelLogoutUri: metadata.backchannel_logout_uri ?? null,
    jwks: metadata.jwks ?? null,
    jwksUri: metadata.jwks_uri ?? null,
    dpopBoundAccessTokens: metadata.dpop_bound_access_tokens ?? false,
    ownerId: ownerId === null ? null : (toId('usr', ownerId) satisfies Id<'usr'>),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** Whether the client proves who it is by a secret that it shares with us. */
export function hasSecret({ token_endpoint_auth_method: method }: ClientMetadata): boolean {
  return method === 'client_secret_basic' || method === 'client_secret_post';
}

/**
 * A program on its user's own machine: a public client that is called back at loopback addresses or by a scheme of its
 * own. Only for these the port is free (RFC 8252 §7.3).
 */
function isNative({
  token_endpoint_auth_method: method,
  redirect_uris: uris,
}: ClientMetadata): boolean {
  return method === 'none' && uris.length > 0 && uris.every(isOnDevice);
}

function isOnDevice(uri: string): boolean {
  const { protocol, hostname } = URL.parse(uri) ?? {};
  if (protocol === 'http:') return ['localhost', '127.0.0.1', '[::1]'].includes(hostname ?? '');
  return protocol !== 'https:';
}
