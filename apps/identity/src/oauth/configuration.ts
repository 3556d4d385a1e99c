import {
  CLIENT_AUTH_METHODS,
  CLIENT_KEY_ALGORITHMS,
  OAUTH_SCOPES,
} from '@flotilla/contracts/oauth-scopes';
import { newUuid, toId } from '@flotilla/contracts/ids';
import {
  type Adapter,
  type Client,
  type Configuration,
  errors,
  interactionPolicy,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import type { IdentityConfig } from '../config.js';
import {
  confirmDevicePage,
  enterCodePage,
  errorPage,
  finishedDevicePage,
  signedOutPage,
  signOutPage,
} from '../pages/provider-pages.js';
import { ACR_VALUES, asksForSecondFactor } from './authentication-context.js';
import type { AccessTokens } from './access-tokens.js';
import type { AccountClaims } from './account-claims.js';
import type { ApiResource } from './api-resource.js';
import { newSecret } from './clients/client-secret.js';
import { docsClient } from './docs-client.js';
import { outgoing } from './outgoing.js';
import type { PrivateJwk } from './signing-keys.js';

/** Why somebody is to sign in who has signed in by a password only. */
export const SECOND_FACTOR_WANTED = 'second_factor_wanted';

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** How long things live, in seconds. */
const TTL = {
  AuthorizationCode: MINUTE,
  DeviceCode: 10 * MINUTE,
  Interaction: 10 * MINUTE,
  Session: 14 * DAY,
  RefreshToken: 30 * DAY,
  /** A consent; refresh tokens and sessions end long before. */
  Grant: 365 * DAY,
  IdToken: 5 * MINUTE,
  InitialAccessToken: DAY,
};

const ROUTES = {
  authorization: '/oauth/authorize',
  code_verification: '/oauth/device/verify',
  device_authorization: '/oauth/device',
  end_session: '/oauth/logout',
  introspection: '/oauth/introspect',
  jwks: '/oauth/jwks',
  pushed_authorization_request: '/oauth/par',
  registration: '/oauth/register',
  revocation: '/oauth/revoke',
  token: '/oauth/token',
  userinfo: '/oauth/userinfo',
};

/** What the configuration of oidc-provider is made of. */
export interface ConfigurationParts {
  config: IdentityConfig;
  adapter: (model: string) => Adapter;
  /** The key that signs first. */
  keys: readonly PrivateJwk[];
  /** Secrets that sign cookies: the first signs, all verify. */
  cookieKeys: readonly Buffer[];
  claims: AccountClaims;
  /** Whether an account (its public id) asks for a second factor at sign-in. */
  needsSecondFactor: (accountId: string) => Promise<boolean>;
  api: ApiResource;
  tokens: AccessTokens;
}

/** The authorization server of the contract: OAuth 2.1 in all that matters, OpenID Connect, no implicit or password grant. */
export function configuration(parts: ConfigurationParts): Configuration {
  const { config, claims, api, tokens } = parts;
  return {
    adapter: parts.adapter,
    clients: [docsClient(config)],
    jwks: { keys: [...parts.keys] },
    routes: ROUTES,
    ttl: {
      ...TTL,
      AccessToken: config.accessTokenSeconds,
      ClientCredentials: config.accessTokenSeconds,
    },
    cookies: cookies(config, parts.cookieKeys),
    responseTypes: ['code'],
    scopes: [...OAUTH_SCOPES],
    subjectTypes: ['public'],
    claims: {
      openid: ['sub', 'amr'],
      email: ['email', 'email_verified'],
      profile: ['name', 'given_name', 'family_name'],
    },
    // Whatever else is asked for: many clients read the ID token and nothing else.
    conformIdTokenClaims: false,
    acrValues: [...ACR_VALUES],
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    clientAuthMethods: [...CLIENT_AUTH_METHODS],
    clientDefaults: {
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
    },
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256'],
      userinfoSigningAlgValues: ['ES256'],
      clientAuthSigningAlgValues: [...CLIENT_KEY_ALGORITHMS],
      dPoPSigningAlgValues: [...CLIENT_KEY_ALGORITHMS],
    },
    assertJwtClientAuthClaimsAndHeader: (_ctx, { exp }) => assertNear(Number(exp)),
    findAccount: (_ctx, accountId) => claims.account(accountId),
    formats: { customizers: { jwt: (ctx, token, jwt) => tokens.customize(ctx, token, jwt) } },
    rotateRefreshToken: true,
    revokeGrantPolicy: () => true,
    clientBasedCORS: isOwnOrigin,
    fetch: outgoing(config),
    interactions: {
      policy: policy(parts.needsSecondFactor),
      url: (_ctx, { uid }) => `/oauth/interaction/${uid}`,
    },
    renderError: errorPage,
    features: features(api),
  };
}

function features(api: ApiResource): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) =>
        client.clientAuthMethod !== 'none' || token.clientId === client.clientId,
    },
    revocation: {
      enabled: true,
      // RFC 7009 §2.1: of another client's token nobody learns more than that there is nothing to revoke.
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
    pushedAuthorizationRequests: { enabled: true },
    dPoP: { enabled: true },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: enterCodePage,
      userCodeConfirmSource: confirmDevicePage,
      successSource: finishedDevicePage,
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: signOutPage,
      postLogoutSuccessSource: signedOutPage,
    },
    backchannelLogout: { enabled: true },
    registration: {
      enabled: true,
      initialAccessToken: true,
      idFactory: () => toId('cli', newUuid()),
      secretFactory: newSecret,
      // Whoever holds one could read a client's metadata back: those are for its administrators.
      issueRegistrationAccessToken: false,
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx, client, oneOf) =>
        (Array.isArray(oneOf) ? oneOf[0] : oneOf) ?? api.defaultResource(ctx, client),
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, resource, client) => api.describe(ctx, resource, client),
    },
  };
}

/** Prefixes bind a cookie to this host and to TLS (RFC 6265bis §4.1.3); without TLS browsers take none of them. */
function cookies(
  { issuer }: IdentityConfig,
  keys: readonly Buffer[],
): NonNullable<Configuration['cookies']> {
  const secure = issuer.startsWith('https:');
  return {
    keys: keys.map((key) => key.toString('base64url')),
    names: {
      session: secure ? '__Host-session' : 'session',
      interaction: secure ? '__Secure-interaction' : 'interaction',
      resume: secure ? '__Secure-resume' : 'resume',
    },
    long: { httpOnly: true, sameSite: 'lax', signed: true, secure, path: '/' },
    short: { httpOnly: true, sameSite: 'lax', signed: true, secure },
  };
}

/**
 * The usual prompts; a session counts as none whose account was disabled or erased meanwhile, or asks for a second factor
 * that the session was begun without, or whose client does.
 */
function policy(
  needsSecondFactor: ConfigurationParts['needsSecondFactor'],
): interactionPolicy.DefaultPolicy {
  const prompts = interactionPolicy.base();
  const { Check } = interactionPolicy;
  const { checks } = prompts.get('login')!;
  checks.add(
    new Check('account_unavailable', 'the account cannot be used', 'login_required', ({ oidc }) =>
      oidc.session?.accountId && !oidc.account ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
    ),
  );
  checks.add(
    new Check(
      'second_factor_missing',
      'the account asks for a second factor',
      'login_required',
      async ({ oidc: { session } }) => {
        if (!session?.accountId || session.amr?.includes('mfa')) return Check.NO_NEED_TO_PROMPT;
        const isMissing = await needsSecondFactor(session.accountId);
        return isMissing ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
      },
    ),
  );
  checks.add(
    new Check(
      SECOND_FACTOR_WANTED,
      'the client asks for a second factor',
      'login_required',
      ({ oidc: { session, claims } }) => {
        const { value, values = [value] } = claims.id_token?.acr ?? {};
        const isWanted = asksForSecondFactor(values as string[]);
        return isWanted && !session?.amr?.includes('mfa')
          ? Check.REQUEST_PROMPT
          : Check.NO_NEED_TO_PROMPT;
      },
    ),
  );
  return prompts;
}

/** RFC 7523 §3: an assertion may be refused that is good for too long; each is remembered until it is over. */
function assertNear(exp: number): void {
  if (exp > Date.now() / 1_000 + DAY)
    throw new errors.InvalidClientAuth('the assertion is good for more than a day');
}

/** Browsers may call from where a public client's pages are. */
function isOwnOrigin(_ctx: KoaContextWithOIDC, origin: string, client: Client): boolean {
  const isPublic = client.clientAuthMethod === 'none';
  return isPublic && (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin);
}
