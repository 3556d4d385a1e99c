import type { OrderView } from '@flotilla/contracts/orders';
import { type RunningFleet, sharedFleet } from '@flotilla/testing/fleet';
import { HttpClient } from '@flotilla/testing/http-client';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import OAuth2Strategy from 'passport-oauth2';
import OpenIdConnectStrategy from 'passport-openidconnect';
import simpleOAuth2 from 'simple-oauth2';
import { AuthJsApplication } from './oauth/auth-js-application.js';
import { addressFrom, visit } from './oauth/passport-visit.js';
import { Person } from './oauth/person.js';
import {
  CALLBACK,
  type RegisteredClient,
  registerClient,
  SIGNED_OUT,
} from './oauth/registered-client.js';

/**
 * Clients that nobody here wrote, as their documentation says to use them: whatever they believe OAuth to be has to work
 * with ours. Over http, which some want to be allowed.
 */

const SCOPE = 'openid email offline_access orders:read';
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

let fleet: RunningFleet;
let issuer: string;

beforeAll(async () => {
  fleet = await sharedFleet();
  issuer = fleet.file().url;
}, 150_000);

const register = (over: object = {}) => registerClient(fleet.client, over);

/** What the gateway makes of a token. */
async function statusOfApi(accessToken: string): Promise<number> {
  const api = new HttpClient(issuer, { authorization: `Bearer ${accessToken}` });
  return (await api.get<{ data: OrderView[] }>('/api/orders')).status;
}

describe('openid-client', () => {
  const insecure = { execute: [openid.allowInsecureRequests] };
  const discovered = ({ id, secret }: RegisteredClient) =>
    openid.discovery(new URL(issuer), id, secret, undefined, insecure);

  it('signs somebody in, refreshes, and signs out', async () => {
    const person = await Person.register(issuer);
    const config = await discovered(await register());
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const [expectedState, expectedNonce] = [openid.randomState(), openid.randomNonce()];
    const address = openid.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: SCOPE,
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
    });
    const callback = await person.follow(address);
    const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
    const tokens = await openid.authorizationCodeGrant(config, callback, checks);
    expect(tokens.claims()).toMatchObject({ sub: person.id, email: person.email });
    expect(await openid.fetchUserInfo(config, tokens.access_token, person.id)).toMatchObject({
      email: person.email,
    });
    expect(await statusOfApi(tokens.access_token)).toBe(200);

    const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token!);
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    expect(await openid.tokenIntrospection(config, refreshed.access_token)).toMatchObject({
      active: true,
      sub: person.id,
    });

    const signOut = openid.buildEndSessionUrl(config, {
      post_logout_redirect_uri: SIGNED_OUT,
      id_token_hint: refreshed.id_token!,
      state: 'gone',
    });
    expect((await person.follow(signOut)).href).toBe(`${SIGNED_OUT}?state=gone`);
    expect(await statusOfApi(tokens.access_token)).toBe(401);

    // Shown again, the token of before ends all that came of it (RFC 9700 §4.14.2).
    await expect(openid.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(openid.refreshTokenGrant(config, refreshed.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect(await statusOfApi(refreshed.access_token)).toBe(401);
  });

  it('acts for itself, until its token is revoked', async () => {
    const client = await register({ grantTypes: ['client_credentials'], scopes: ['orders:read'] });
    const config = await discovered(client);
    const tokens = await openid.clientCredentialsGrant(config, { scope: 'orders:read' });
    expect(await statusOfApi(tokens.access_token)).toBe(200);
    await openid.tokenRevocation(config, tokens.access_token);
    expect(await statusOfApi(tokens.access_token)).toBe(401);
  });

  it('connects a device that has no keyboard', async () => {
    const person = await Person.register(issuer);
    const config = await discovered(
      await register({ grantTypes: [DEVICE, 'refresh_token'], redirectUris: [] }),
    );
    const shown = await openid.initiateDeviceAuthorization(config, { scope: SCOPE });
    const polling = openid.pollDeviceAuthorizationGrant(config, { ...shown, interval: 1 });
    const end = await person.connect(shown.verification_uri, shown.user_code);
    expect(end.html).toContain('Connected');
    const tokens = await polling;
    expect(await statusOfApi(tokens.access_token)).toBe(200);
  });

  it('registers itself with a token that an administrator gave it', async () => {
    const path = '/api/oauth-clients/initial-access-tokens';
    const given = await fleet.client.post<{ token: string }>(path, undefined);
    const config = await openid.dynamicClientRegistration(
      new URL(issuer),
      {
        client_name: 'Kiosk',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        scope: 'orders:read',
      },
      undefined,
      { ...insecure, initialAccessToken: given.body.token },
    );
    const tokens = await openid.clientCredentialsGrant(config, { scope: 'orders:read' });
    expect(await statusOfApi(tokens.access_token)).toBe(200);
  });
});

describe('oauth4webapi', () => {
  const insecure = { [oauth.allowInsecureRequests]: true };

  async function server(): Promise<oauth.AuthorizationServer> {
    const at = new URL(issuer);
    return oauth.processDiscoveryResponse(
      at,
      await oauth.discoveryRequest(at, { ...insecure, algorithm: 'oauth2' }),
    );
  }

  it('pushes its request, proves itself and its tokens by keys, and revokes', async () => {
    const person = await Person.register(issuer);
    const as = await server();
    const own = await oauth.generateKeyPair('ES256', { extractable: true });
    const { id } = await register({
      tokenEndpointAuthMethod: 'private_key_jwt',
      jwks: { keys: [await crypto.subtle.exportKey('jwk', own.publicKey)] },
      dpopBoundAccessTokens: true,
    });
    const client = { client_id: id };
    const byKey = oauth.PrivateKeyJwt(own.privateKey);
    const DPoP = oauth.DPoP({}, await oauth.generateKeyPair('ES256'));
    const verifier = oauth.generateRandomCodeVerifier();
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];

    const request = await oauth.pushedAuthorizationRequest(
      as,
      client,
      byKey,
      new URLSearchParams({
        redirect_uri: CALLBACK,
        response_type: 'code',
        scope: SCOPE,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      }),
      { ...insecure, DPoP },
    );
    const pushed = await oauth.processPushedAuthorizationResponse(as, client, request);
    const address = new URL(as.authorization_endpoint!);
    address.searchParams.set('client_id', id);
    address.searchParams.set('request_uri', pushed.request_uri);
    const answer = oauth.validateAuthResponse(as, client, await person.follow(address), state);

    const first = await oauth.processAuthorizationCodeResponse(
      as,
      client,
      await oauth.authorizationCodeGrantRequest(as, client, byKey, answer, CALLBACK, verifier, {
        ...insecure,
        DPoP,
      }),
      { expectedNonce: nonce, requireIdToken: true },
    );
    expect(first.token_type).toBe('dpop');
    expect(oauth.getValidatedIdTokenClaims(first)).toMatchObject({ sub: person.id });
    const info = await oauth.userInfoRequest(as, client, first.access_token, { ...insecure, DPoP });
    expect(await oauth.processUserInfoResponse(as, client, person.id, info)).toMatchObject({
      email: person.email,
    });
    const read = (accessToken: string) =>
      oauth.protectedResourceRequest(
        accessToken,
        'GET',
        new URL('/api/orders', issuer),
        undefined,
        undefined,
        { ...insecure, DPoP },
      );
    expect((await read(first.access_token)).status).toBe(200);
    // The token without the key that it is bound to.
    expect(await statusOfApi(first.access_token)).toBe(401);

    const second = await oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, byKey, first.refresh_token!, {
        ...insecure,
        DPoP,
      }),
    );
    const revoked = await oauth.revocationRequest(
      as,
      client,
      byKey,
      second.refresh_token!,
      insecure,
    );
    await oauth.processRevocationResponse(revoked);
    await expect(read(second.access_token)).rejects.toBeInstanceOf(
      oauth.WWWAuthenticateChallengeError,
    );
  });
});

describe('simple-oauth2', () => {
  const configured = ({ id, secret }: RegisteredClient) => ({
    client: { id, secret },
    auth: { tokenHost: issuer },
  });

  it('signs somebody in, refreshes and revokes', async () => {
    const person = await Person.register(issuer);
    const client = new simpleOAuth2.AuthorizationCode(configured(await register()));
    const verifier = oauth.generateRandomCodeVerifier();
    const pkce = {
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    };
    const address = client.authorizeURL({
      redirect_uri: CALLBACK,
      scope: SCOPE.split(' '),
      state: 'state-17',
      ...pkce,
    });
    const callback = await person.follow(address);
    expect(callback.searchParams.get('state')).toBe('state-17');
    const code = callback.searchParams.get('code')!;
    const params = { code, redirect_uri: CALLBACK, code_verifier: verifier };
    const first = await client.getToken(params);
    expect(await statusOfApi(first.token.access_token as string)).toBe(200);

    const second = await first.refresh();
    expect(second.token.refresh_token).not.toBe(first.token.refresh_token);
    // RFC 7009 §2.2: the answer has no content, which it takes for JSON unless told otherwise.
    await second.revoke('refresh_token', { json: true });
    expect(await statusOfApi(second.token.access_token as string)).toBe(401);
    await expect(second.refresh()).rejects.toThrow('400');
  });

  it('acts for itself', async () => {
    const client = await register({ grantTypes: ['client_credentials'], scopes: ['orders:read'] });
    const { token } = await new simpleOAuth2.ClientCredentials(configured(client)).getToken({
      scope: 'orders:read',
    });
    expect(await statusOfApi(token.access_token as string)).toBe(200);
  });
});

describe('passport-oauth2', () => {
  it('signs somebody in', async () => {
    const person = await Person.register(issuer);
    const { id, secret } = await register();
    const strategy = new OAuth2Strategy(
      {
        authorizationURL: `${issuer}/oauth/authorize`,
        tokenURL: `${issuer}/oauth/token`,
        clientID: id,
        clientSecret: secret,
        callbackURL: CALLBACK,
        scope: SCOPE,
        pkce: true,
        state: true,
      },
      (
        accessToken: string,
        refreshToken: string,
        _: unknown,
        done: OAuth2Strategy.VerifyCallback,
      ) => done(null, { accessToken, refreshToken }),
    );
    const session = {};
    const sent = await addressFrom(strategy, { query: {}, session });
    const query = Object.fromEntries((await person.follow(sent)).searchParams);
    const outcome = await visit(strategy, { query, session });
    expect(outcome).toMatchObject({
      kind: 'success',
      user: { accessToken: expect.any(String), refreshToken: expect.any(String) },
    });
    const { user } = outcome as unknown as { user: { accessToken: string } };
    expect(await statusOfApi(user.accessToken)).toBe(200);
  });
});

describe('passport-openidconnect', () => {
  it('is refused, as it knows no PKCE', async () => {
    const person = await Person.register(issuer);
    const { id, secret } = await register();
    const strategy = new OpenIdConnectStrategy(
      {
        issuer,
        authorizationURL: `${issuer}/oauth/authorize`,
        tokenURL: `${issuer}/oauth/token`,
        userInfoURL: `${issuer}/oauth/userinfo`,
        clientID: id,
        clientSecret: secret,
        callbackURL: CALLBACK,
        scope: ['email'],
      },
      (_: string, profile: unknown, done: OpenIdConnectStrategy.VerifyCallback) =>
        done(null, profile as object),
    );
    const session = {};
    const sent = await addressFrom(strategy, { query: {}, session });
    const callback = await person.follow(sent);
    expect(callback.searchParams.get('error')).toBe('invalid_request');
    const query = Object.fromEntries(callback.searchParams);
    await expect(visit(strategy, { query, session })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});

describe('@auth/core', () => {
  it('signs somebody in with PKCE, state and nonce', async () => {
    const person = await Person.register(issuer);
    const application = new AuthJsApplication('https://shop.example');
    const { id, secret } = await register({ redirectUris: [application.callback] });
    const address = await application.begin({ issuer, clientId: id, clientSecret: secret });
    const callback = await person.follow(address);
    expect(await application.finish(callback)).toMatchObject({ user: { email: person.email } });
  });
});
