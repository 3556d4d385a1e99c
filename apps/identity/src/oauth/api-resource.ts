import { OPENID_SCOPES } from '@flotilla/contracts/oauth-scopes';
import { PERMISSIONS, type Permission } from '@flotilla/contracts/actor';
import { type Client, errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import type { IdentityConfig } from '../config.js';
import type { AccountStates } from './account-states.js';
import type { ClientOwners } from './client-owners.js';

const API_SCOPES = new Set<string>(PERMISSIONS);

/** The resource (RFC 8707) and audience of every token for the API. */
export function apiOf({ issuer }: Pick<IdentityConfig, 'issuer'>): string {
  return `${issuer}/api`;
}

/**
 * The API as a protected resource: nobody has to name it, since API scopes mean it, and no token carries more of it than
 * the role of the one it speaks for allows.
 */
export class ApiResource {
  private readonly api: string;

  constructor(
    private readonly config: IdentityConfig,
    private readonly accounts: AccountStates,
    private readonly owners: ClientOwners,
  ) {
    this.api = apiOf(config);
  }

  /** The API when its scopes are asked for. A client that acts for itself and names no scope means all it has. */
  defaultResource(ctx: KoaContextWithOIDC, client?: Client): string | undefined {
    const { params } = ctx.oidc;
    if (params?.grant_type === 'client_credentials') {
      params.scope ??= apiScopesOf(client);
      return this.api;
    }
    return scopesIn(params?.scope).some((scope) => API_SCOPES.has(scope)) ? this.api : undefined;
  }

  /** What a token for a resource is like. @throws InvalidTarget for anything but the API */
  async describe(
    ctx: KoaContextWithOIDC,
    resource: string,
    client: Client,
  ): Promise<ResourceServer> {
    if (resource !== this.api) throw new errors.InvalidTarget();
    return {
      scope: [...OPENID_SCOPES, ...(await this.allowed(ctx, client))].join(' '),
      audience: this.api,
      accessTokenFormat: 'jwt',
      accessTokenTTL: this.config.accessTokenSeconds,
      jwt: { sign: { alg: 'ES256' } },
    };
  }

  /** The permissions that the role of the token's principal allows; all of them while nobody has signed in yet. */
  private async allowed(ctx: KoaContextWithOIDC, client: Client): Promise<readonly Permission[]> {
    if (ctx.oidc.params?.grant_type === 'client_credentials') {
      const owner = await this.owners.ownerOf(client.clientId);
      if (!owner) throw new errors.UnauthorizedClient('the account of this client is not active');
      return owner.permissions;
    }
    const accountId = ctx.oidc.account?.accountId ?? ctx.oidc.session?.accountId;
    if (accountId === undefined) return PERMISSIONS;
    return (await this.accounts.find(accountId))?.permissions ?? [];
  }
}

function apiScopesOf(client: Client | undefined): string | undefined {
  return (
    scopesIn(client?.scope)
      .filter((scope) => API_SCOPES.has(scope))
      .join(' ') || undefined
  );
}

function scopesIn(scope: unknown): string[] {
  return typeof scope === 'string' ? scope.split(' ') : [];
}
