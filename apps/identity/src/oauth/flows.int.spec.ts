import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GetSigningKeys } from '@flotilla/contracts/signing-keys';
import { Browser } from '@flotilla/testing/browser';
import { createLocalJWKSet, jwtVerify } from 'jose';
import {
  type IdentityUnderTest,
  identityUnderTest,
  ISSUER,
  REDIRECT_URI,
} from '../../test/identity-under-test.js';
import { OAuthClient, signIn } from '../../test/oauth-client.js';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code' as const;
const PKCE = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };

let identity: IdentityUnderTest;

beforeAll(async () => {
  identity = await identityUnderTest({ env: { OAUTH_ALLOW_PRIVATE_TARGETS: 'true' } });
});
afterAll(() => identity.close());

async function shop(body = {}): Promise<OAuthClient> {
  return new OAuthClient(identity.urls[0]!, await identity.client(body));
}
const browser = () => new Browser(identity.urls[0]!, ISSUER);

describe('an authorization request', () => {
  it('comes back with the state and the issuer', async () => {
    const client = await shop();
    const { email } = await identity.account();
    const visitor = browser();
    const end = await signIn(visitor, await visitor.open(client.authorizeUrl(PKCE)), email);
    expect(end.url.origin + end.url.pathname).toBe(REDIRECT_URI);
    expect(Object.fromEntries(end.url.searchParams)).toEqual({
      code: expect.any(String),
      state: 'state-17',
      iss: ISSUER,
    });
  });

  it('tells the client when the person does not agree', async () => {
    const client = await shop();
    const { email } = await identity.account();
    const visitor = browser();
    const consent = await visitor.submit(
      await visitor.open(client.authorizeUrl(PKCE)),
      '/sign-in',
      {
        email,
        password: 'correct horse battery',
      },
    );
    const end = await visitor.submit(consent, '/consent', { decision: 'deny' });
    expect(Object.fromEntries(end.url.searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'state-17',
      iss: ISSUER,
    });
  });

  it.each([
    ['no challenge', {}],
    ['a plain one', { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }],
    ['one without a method', { code_challenge: 'x'.repeat(43) }],
  ])('with %s goes back with an error, whatever the client', async (_, pkce) => {
    for (const method of ['client_secret_basic', 'none'] as const) {
      const client = await shop({ tokenEndpointAuthMethod: method });
      const end = await browser().open(client.authorizeUrl(pkce));
      expect(Object.fromEntries(end.url.searchParams)).toMatchObject({
        error: 'invalid_request',
        state: 'state-17',
        iss: ISSUER,
      });
    }
  });

  it.each(['token', 'id_token', 'code id_token', 'code token'])(
    'for the response type %s is refused',
    async (response_type) => {
      const client = await shop();
      const end = await browser().open(client.authorizeUrl({ ...PKCE, response_type, nonce: 'n' }));
      expect(end.url.origin).toBe('https://shop.example');
      const params = new URLSearchParams(end.url.search || end.url.hash.slice(1));
      expect(params.get('error')).toMatch(/^(unsupported_response_type|unauthorized_client)$/);
    },
  );

  it('is asked for again after signing in with another tab, and both finish', async () => {
    const client = await shop();
    const { email } = await identity.account();
    const visitor = browser();
    const first = await visitor.open(client.authorizeUrl({ ...PKCE, state: 'one' }));
    const second = await visitor.open(client.authorizeUrl({ ...PKCE, state: 'two' }));
    const two = await signIn(visitor, second, email);
    const one = await signIn(visitor, first, email);
    for (const [end, state] of [
      [one, 'one'],
      [two, 'two'],
    ] as const) {
      expect([end.url.searchParams.get('state'), end.url.searchParams.has('code')]).toEqual([
        state,
        true,
      ]);
    }
  });
});

describe('a redirect address', () => {
  it.each([
    `${REDIRECT_URI}/x`,
    `${REDIRECT_URI}?x=1`,
    `${REDIRECT_URI}#x`,
    `${REDIRECT_URI}/`,
    REDIRECT_URI.toUpperCase(),
    'https://shop.example/Callback',
    'https://shop.example@evil.example/callback',
    'https://shop.example/..;/callback',
    'https://shop.example.evil.example/callback',
    'http://shop.example/callback',
    'https://shop.example:8443/callback',
    'javascript:alert(1)',
    '//evil.example',
  ])('that is not exactly the registered one is gone to by nobody: %s', async (redirect_uri) => {
    const client = await shop();
    const end = await browser().open(client.authorizeUrl({ ...PKCE, redirect_uri }));
    expect([end.status, end.headers.has('location')]).toEqual([400, false]);
    expect(end.url.origin).toBe(ISSUER);
  });

  it('of a native client may have any port, and of a web client not', async () => {
    const native = await shop({
      redirectUris: ['http://127.0.0.1/cb', 'http://[::1]/cb', 'com.example.app:/cb'],
      tokenEndpointAuthMethod: 'none',
    });
    for (const redirect_uri of [
      'http://127.0.0.1:1234/cb',
      'http://[::1]:99/cb',
      'com.example.app:/cb',
    ]) {
      const page = await browser().open(native.authorizeUrl({ ...PKCE, redirect_uri }));
      expect(page.status).toBe(200);
    }
    const web = await shop({ redirectUris: ['http://127.0.0.1/cb'] });
    const other = web.authorizeUrl({ ...PKCE, redirect_uri: 'http://127.0.0.1:1234/cb' });
    expect((await browser().open(other)).status).toBe(400);
    const elsewhere = native.authorizeUrl({ ...PKCE, redirect_uri: 'http://127.0.0.1:1234/other' });
    expect((await browser().open(elsewhere)).status).toBe(400);
  });
});

describe('a pushed authorization request', () => {
  it('works once', async () => {
    const client = await shop();
    const { email } = await identity.account();
    const { status, body } = await client.post('par', {
      client_id: client.registered.clientId,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'openid orders:read',
      state: 'pushed',
      ...PKCE,
    });
    expect([status, body]).toMatchObject([201, { expires_in: expect.any(Number) }]);
    const query = new URLSearchParams({
      client_id: client.registered.clientId,
      request_uri: body.request_uri!,
    });
    const visitor = browser();
    const end = await signIn(visitor, await visitor.open(`/oauth/authorize?${query}`), email);
    expect(end.url.searchParams.get('state')).toBe('pushed');
    expect(end.url.searchParams.has('code')).toBe(true);
    const again = await visitor.open(`/oauth/authorize?${query}`);
    expect(again.url.searchParams.has('code')).toBe(false);
  });
});

describe('a device', () => {
  it('is signed in by the code that a person enters elsewhere', async () => {
    const client = await shop({ grantTypes: [DEVICE, 'refresh_token'], redirectUris: [] });
    const { email, id } = await identity.account();
    const { body } = await client.post('device', { scope: 'openid offline_access orders:read' });
    expect(body.verification_uri).toBe(`${ISSUER}/oauth/device/verify`);
    const poll = () => client.post('token', { grant_type: DEVICE, device_code: body.device_code! });
    expect(await poll()).toMatchObject({ status: 400, body: { error: 'authorization_pending' } });

    const visitor = browser();
    const enter = await visitor.open(body.verification_uri!);
    const confirm = await visitor.submit(enter, '/device/verify', {
      user_code: body.user_code!.toLowerCase(),
    });
    const login = await visitor.submit(confirm, '/device/verify', {});
    const end = await signIn(visitor, login, email);
    expect([end.status, end.html]).toEqual([200, expect.stringContaining('Connected')]);

    const tokens = await poll();
    expect(tokens).toMatchObject({
      status: 200,
      body: { access_token: expect.any(String), refresh_token: expect.any(String) },
    });
    expect(await poll()).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await client.refresh(tokens.body.refresh_token!)).toMatchObject({
      body: { error: 'invalid_grant' },
    });
    expect(id).toMatch(/^usr_/);
  });

  it('hears of it when the person says no', async () => {
    const client = await shop({ grantTypes: [DEVICE], redirectUris: [] });
    const { body } = await client.post('device', { scope: 'openid' });
    const visitor = browser();
    const enter = await visitor.open(body.verification_uri!);
    const confirm = await visitor.submit(enter, '/device/verify', {
      user_code: body.user_code!,
    });
    await visitor.submit(confirm, '/device/verify', { abort: 'yes' });
    const form = { grant_type: DEVICE, device_code: body.device_code! };
    expect(await client.post('token', form)).toMatchObject({ body: { error: 'access_denied' } });
  });

  it('is told when it asks too often whether somebody has entered the code', async () => {
    const client = await shop({ grantTypes: [DEVICE], redirectUris: [] });
    const { body } = await client.post('device', { scope: 'openid' });
    const form = { grant_type: DEVICE, device_code: body.device_code! };
    const ask = async () => (await client.post('token', form)).body.error;
    expect(await ask()).toBe('authorization_pending');
    expect(await ask()).toBe('slow_down');
    const wait = "UPDATE oauth_records SET expires_at = now() WHERE model = 'DevicePoll'";
    await identity.database.pool().query(wait);
    expect(await ask()).toBe('authorization_pending');
  });

  it('gets nothing for a code that nobody was shown', async () => {
    const visitor = browser();
    const enter = await visitor.open('/oauth/device/verify');
    const refused = await visitor.submit(enter, '/device/verify', { user_code: 'WRONG-CODE' });
    expect(refused.html).toContain('role="alert"');
  });
});

describe('signing out', () => {
  /** Takes logout tokens as a client's back channel. */
  async function backChannel(): Promise<{ server: Server; uri: string; told: string[] }> {
    const told: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        told.push(new URLSearchParams(body).get('logout_token') ?? '');
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, told };
  }

  it('ends the session and its tokens, tells clients behind the scenes, and goes back', async () => {
    const channel = await backChannel();
    const client = await shop({
      postLogoutRedirectUris: ['https://shop.example/bye'],
      backchannelLogoutUri: channel.uri,
    });
    const { email, id } = await identity.account();
    const visitor = browser();
    const code = await client.authorize(email, { scope: 'openid orders:read' }, visitor);
    const { body } = await client.redeem(code);

    const query = new URLSearchParams({
      id_token_hint: body.id_token!,
      post_logout_redirect_uri: 'https://shop.example/bye',
      state: 'gone',
    });
    const page = await visitor.open(`/oauth/logout?${query}`);
    const end = await visitor.submit(page, '/logout/confirm', { logout: 'yes' });
    expect(end.url.href).toBe('https://shop.example/bye?state=gone');

    expect(channel.told).toHaveLength(1);
    const { keys } = await identity.caller.rpc.call(GetSigningKeys, {});
    const { payload } = await jwtVerify(channel.told[0]!, createLocalJWKSet({ keys }), {
      issuer: ISSUER,
      audience: client.registered.clientId,
    });
    expect(payload).toMatchObject({
      sub: id,
      sid: expect.any(String),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    channel.server.close();

    const token = body.access_token!;
    expect((await client.post('introspect', { token })).body).toEqual({ active: false });
    const again = await visitor.open(client.authorizeUrl(PKCE));
    expect(again.html).toContain('/sign-in"');
  });

  it('may be asked for by a form, and goes back', async () => {
    const post_logout_redirect_uri = 'com.example.app:/bye';
    const redirect_uri = 'com.example.app:/cb';
    const client = await shop({
      redirectUris: [redirect_uri],
      postLogoutRedirectUris: [post_logout_redirect_uri],
      tokenEndpointAuthMethod: 'none',
    });
    const { email } = await identity.account();
    const visitor = browser();
    const code = await client.authorize(email, { redirect_uri }, visitor);
    const { body } = await client.redeem(code, { redirect_uri });
    const form = { id_token_hint: body.id_token!, post_logout_redirect_uri, state: 'gone' };
    const page = await visitor.open('/oauth/logout', form);
    expect(page.html).toContain('Sign out?');
    expect(page.headers.get('content-security-policy')).toContain("'self' com.example.app:;");
    const end = await visitor.submit(page, '/logout/confirm', { logout: 'yes' });
    expect(end.url.href).toBe(`${post_logout_redirect_uri}?state=gone`);
    expect((await visitor.open('/account')).url.pathname).toBe('/account/sign-in');
  });

  it('goes to no address that is not registered', async () => {
    const client = await shop();
    const { clientId: client_id } = client.registered;
    const query = new URLSearchParams({
      client_id,
      post_logout_redirect_uri: 'https://evil.example/',
    });
    const page = await browser().open(`/oauth/logout?${query}`);
    expect([page.status, page.url.origin]).toEqual([400, ISSUER]);
  });

  it('lets an offline grant live on', async () => {
    const client = await shop();
    const { email } = await identity.account();
    const visitor = browser();
    const { body } = await client.redeem(await client.authorize(email, {}, visitor));
    const page = await visitor.open('/oauth/logout');
    await visitor.submit(page, '/logout/confirm', { logout: 'yes' });
    const token = body.access_token!;
    expect((await client.post('introspect', { token })).body).toEqual({ active: false });
    const refreshed = await client.refresh(body.refresh_token!);
    expect(refreshed.status).toBe(200);
    const { body: anew } = await client.post('introspect', {
      token: refreshed.body.access_token!,
    });
    expect(anew.active).toBe(true);
  });
});
