import { PERMISSIONS, type Permission } from './actor.js';

/** Scopes of OpenID Connect: who signs in, and whether the client may act while nobody is there. */
export const OPENID_SCOPES = ['openid', 'profile', 'email', 'offline_access'] as const;

/** Every scope that a client can be registered for. */
export const OAUTH_SCOPES = [...OPENID_SCOPES, ...PERMISSIONS] as const;
export type OAuthScope = (typeof OPENID_SCOPES)[number] | Permission;

export const OAUTH_GRANT_TYPES = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
] as const;
export type OAuthGrantType = (typeof OAUTH_GRANT_TYPES)[number];

/** How a client proves who it is at the token endpoint (RFC 6749 §2.3, RFC 7523); `none` for public clients. */
export const CLIENT_AUTH_METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
] as const;
export type ClientAuthMethod = (typeof CLIENT_AUTH_METHODS)[number];

/** How keys of clients sign: assertions (RFC 7523) and, at the token endpoint as at the API, DPoP proofs (RFC 9449). */
export const CLIENT_KEY_ALGORITHMS = ['ES256', 'PS256', 'RS256', 'EdDSA', 'Ed25519'] as const;
