import type { PublicJwk } from '@flotilla/contracts/signing-keys';
import { createLocalJWKSet, errors as joseErrors, type JWTPayload, jwtVerify } from 'jose';
import {
  type AccessToken,
  type ClientCredentials,
  type JWTStructured,
  type KoaContextWithOIDC,
  Provider,
} from 'oidc-provider';
import type { IdentityConfig } from '../config.js';
import type { AccountStates } from './account-states.js';
import { apiOf } from './api-resource.js';
import type { ClientOwners } from './client-owners.js';
import type { OAuthRecords } from './oauth-records.js';

/**
 * What an access token for the API says besides RFC 9068 §2.2, so that the gateway can tell whether it still holds: its
 * grant, its session, the version of the account's credentials, and who owns a client that acts for itself.
 */
export interface ApiTokenClaims extends JWTPayload {
  client_id: string;
  scope?: string;
  gid: string;
  sid?: string;
  cv: number;
  owner?: string;
  cnf?: { jkt?: string };
}

/** Of an access token in its JWT form where the library expects an opaque one: at introspection and revocation. */
export const STRUCTURED = 'jwt:';

type Find = (value: string, options?: object) => Promise<unknown>;

/** Access tokens for the API: signed, stored nowhere, and yet introspected and revoked like any other. */
export class AccessTokens {
  constructor(
    private readonly config: IdentityConfig,
    private readonly accounts: AccountStates,
    private readonly owners: ClientOwners,
    private readonly records: OAuthRecords,
  ) {}

  /** Adds our claims before a token is signed. @throws Error when the account is gone that it was about to speak for */
  async customize(
    ctx: KoaContextWithOIDC,
    token: AccessToken | ClientCredentials,
    { payload }: JWTStructured,
  ): Promise<void> {
    if (token.kind === 'ClientCredentials') {
      const owner = await this.owners.ownerOf(token.clientId!);
      Object.assign(payload, {
        gid: token.clientId,
        owner: owner!.id,
        cv: owner!.credentialVersion,
      });
      return;
    }
    const account = await this.accounts.find(token.accountId);
    Object.assign(payload, { gid: token.grantId, cv: account!.credentialVersion });
    // A grant for offline access outlives the session that it was given in; a token of later says nothing of it.
    const { sessionUid } = token;
    if (sessionUid && (await ctx.oidc.provider.Session.findByUid(sessionUid)))
      payload.sid = sessionUid;
  }

  /** Lets a provider find the tokens that it signed by their JWT. */
  teach(provider: Provider, keys: readonly PublicJwk[]): void {
    const verify = this.verifier(keys);
    const { AccessToken, ClientCredentials } = provider;
    const findStored = AccessToken.find.bind(AccessToken) as Find;
    const findStoredOfClient = ClientCredentials.find.bind(ClientCredentials) as Find;
    Object.assign(AccessToken, {
      find: async (value: string, options?: object) => {
        const claims = await verify(value);
        if (!claims) return findStored(value, options);
        return claims.owner === undefined ? this.userToken(provider, claims) : undefined;
      },
    });
    Object.assign(ClientCredentials, {
      find: async (value: string, options?: object) => {
        const claims = await verify(value);
        if (!claims) return findStoredOfClient(value, options);
        return claims.owner === undefined ? undefined : this.clientToken(provider, claims);
      },
    });
  }

  private verifier(keys: readonly PublicJwk[]): (value: string) => Promise<ApiTokenClaims | null> {
    const keySet = createLocalJWKSet({ keys: keys.map(withoutPrivatePart) });
    const expected = {
      issuer: this.config.issuer,
      audience: apiOf(this.config),
      typ: 'at+jwt',
      algorithms: ['ES256'],
    };
    return async (value) => {
      const jwt = value.startsWith(STRUCTURED) ? value.slice(STRUCTURED.length) : value;
      if (!jwt.includes('.')) return null;
      try {
        return (await jwtVerify<ApiTokenClaims>(jwt, keySet, expected)).payload;
      } catch (error) {
        if (error instanceof joseErrors.JOSEError) return null;
        throw error;
      }
    };
  }

  /** Undefined once the account, its credentials or the session are not those of before; the library looks at the grant. */
  private async userToken(provider: Provider, claims: ApiTokenClaims): Promise<unknown> {
    const account = await this.accounts.find(claims.sub!);
    if (account?.credentialVersion !== claims.cv) return undefined;
    if (claims.sid && !(await provider.Session.findByUid(claims.sid))) return undefined;
    const { sub: accountId, gid: grantId, sid } = claims;
    const token = { ...commonOf(claims), accountId, grantId, sid };
    // Userinfo takes tokens without an audience only; ours are for the API and for what openid means.
    if (Provider.ctx?.oidc.route === 'userinfo') delete token.aud;
    return new provider.AccessToken(token as never);
  }

  private async clientToken(provider: Provider, claims: ApiTokenClaims): Promise<unknown> {
    const owner = await this.owners.ownerOf(claims.client_id);
    const valid =
      owner?.credentialVersion === claims.cv && !(await this.records.isRevoked(claims.jti!));
    return valid ? new provider.ClientCredentials(commonOf(claims) as never) : undefined;
  }
}

function withoutPrivatePart({ kty, crv, x, y, kid, alg, use }: PublicJwk): PublicJwk {
  return { kty, crv, x, y, kid, alg, use };
}

function commonOf(claims: ApiTokenClaims): JWTPayload {
  const { jti, iat, exp, aud, scope, client_id: clientId, cnf } = claims;
  return { jti, iat, exp, aud, scope, clientId, jkt: cnf?.jkt };
}
