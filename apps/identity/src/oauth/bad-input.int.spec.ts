import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from '@flotilla/testing/browser';
import {
  type IdentityUnderTest,
  identityUnderTest,
  ISSUER,
  REDIRECT_URI,
} from '../../test/identity-under-test.js';
import { expectOAuth, mutants, STRANGE, together, twice, without } from '../../test/bad-input.js';
import { OAuthClient } from '../../test/oauth-client.js';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code' as const;
const CHALLENGE = 'x'.repeat(43);

let identity: IdentityUnderTest;
let client: OAuthClient;
let other: OAuthClient;
let theirs: {
  code: string;
  refreshToken: string;
  accessToken: string;
  requestUri: string;
  deviceCode: string;
};

beforeAll(async () => {
  identity = await identityUnderTest();
  const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials', DEVICE] as const;
  const make = async () =>
    new OAuthClient(identity.urls[0]!, await identity.client({ grantTypes: [...grantTypes] }));
  [client, other] = [await make(), await make()];
  const { email } = await identity.account();
  const { body } = await other.redeem(await other.authorize(email));
  theirs = {
    code: (await other.authorize(email)).code,
    refreshToken: body.refresh_token!,
    accessToken: body.access_token!,
    requestUri: (await other.post('par', pushed())).body.request_uri!,
    deviceCode: (await other.post('device', { scope: 'openid' })).body.device_code!,
  };
});
afterAll(() => identity.close());

const pushed = () => ({
  response_type: 'code',
  redirect_uri: REDIRECT_URI,
  scope: 'openid orders:read',
  state: 'state-17',
  nonce: 'nonce-17',
  code_challenge: CHALLENGE,
  code_challenge_method: 'S256',
});

/** Requests that are well-formed, by endpoint; most are refused at their last step, and none is a fault of ours. */
const REQUESTS: Record<string, [endpoint: string, form: () => Record<string, string>]> = {
  'a code': [
    'token',
    () => ({
      grant_type: 'authorization_code',
      code: theirs.code,
      redirect_uri: REDIRECT_URI,
      code_verifier: CHALLENGE,
    }),
  ],
  'a refresh token': [
    'token',
    () => ({
      grant_type: 'refresh_token',
      refresh_token: theirs.refreshToken,
      scope: 'orders:read',
    }),
  ],
  'client credentials': [
    'token',
    () => ({ grant_type: 'client_credentials', scope: 'orders:read', resource: `${ISSUER}/api` }),
  ],
  'a device code': ['token', () => ({ grant_type: DEVICE, device_code: theirs.deviceCode })],
  'a pushed request': ['par', pushed],
  'a device': ['device', () => ({ scope: 'openid orders:read' })],
  'an introspection': [
    'introspect',
    () => ({ token: theirs.accessToken, token_type_hint: 'access_token' }),
  ],
  'a revocation': [
    'revoke',
    () => ({ token: theirs.refreshToken, token_type_hint: 'refresh_token' }),
  ],
};

describe.each(Object.entries(REQUESTS))('%s', (_, [endpoint, form]) => {
  it('with any parameter missing', async () => {
    for (const { form: mutant } of mutants(form, without))
      expectOAuth(await client.post(endpoint, mutant), mutant);
  });

  it('with any parameter twice', async () => {
    for (const { name, form: mutant } of mutants(form, twice)) {
      const answer = await client.post(endpoint, mutant);
      expectOAuth(answer, mutant);
      // RFC 6749 §3.1, §3.2: parameters MUST NOT be included more than once; resource may be (RFC 8707 §2).
      if (name !== 'resource') expect([name, answer.status]).toEqual([name, 400]);
    }
  });

  it('with any parameter far too long, or empty, or of strange characters', async () => {
    await together(STRANGE, async (value) => {
      for (const { form: mutant } of mutants(form, (given, name) => ({ ...given, [name]: value })))
        expectOAuth(await client.post(endpoint, mutant), { value: value.slice(0, 20) });
    });
  });

  it('with a NUL or half a character in any parameter is refused', async () => {
    for (const name of Object.keys(form()))
      for (const poison of ['%00', '%ED%A0%80', '%FF']) {
        const pairs = new URLSearchParams(form()).toString();
        const body = `${pairs}&${name}x=${poison}`;
        const response = await fetch(`${identity.urls[0]}/oauth/${endpoint}`, {
          method: 'POST',
          headers: {
            ...client.basic(),
            'content-type': 'application/x-www-form-urlencoded',
          },
          body,
        });
        expect([poison, response.status, await response.json()]).toMatchObject([
          poison,
          400,
          { error: 'invalid_request' },
        ]);
      }
  });

  it('with a body that is no form, or far too large, is refused', async () => {
    for (const init of [
      { body: '{}', headers: { 'content-type': 'application/json' } },
      { body: '{"grant_type":', headers: { 'content-type': 'application/json' } },
      { body: 'x', headers: { 'content-type': 'text/plain' } },
      {
        body: 'a'.repeat(70_000),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    ]) {
      const response = await fetch(`${identity.urls[0]}/oauth/${endpoint}`, {
        method: 'POST',
        ...init,
        headers: { ...client.basic(), ...init.headers },
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: 'invalid_request' });
    }
  });
});

describe("another client's values", () => {
  it('are worth nothing, and are not used up by trying', async () => {
    const { email } = await identity.account();
    const code = await other.authorize(email);
    const stranger = await client.redeem(code);
    expect(stranger).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await client.refresh(theirs.refreshToken)).body.error).toBe('invalid_grant');
    const device = { grant_type: DEVICE, device_code: theirs.deviceCode };
    expect((await client.post('token', device)).body.error).toBe('invalid_grant');
    const query = new URLSearchParams({
      client_id: client.registered.clientId,
      request_uri: theirs.requestUri,
    });
    const page = await new Browser(identity.urls[0]!, ISSUER).open(`/oauth/authorize?${query}`);
    expect([page.status, page.url.origin]).toEqual([400, ISSUER]);
    expect((await other.redeem(code)).status).toBe(200);
    expect((await other.refresh(theirs.refreshToken)).status).toBe(200);
  });

  it('such as an id beside the own secret are a contradiction', async () => {
    const form = { grant_type: 'client_credentials', client_id: other.registered.clientId };
    expect((await client.post('token', form)).body.error).toBe('invalid_request');
  });
});

describe('an authorization request', () => {
  const params = () => ({ client_id: client.registered.clientId, ...pushed() });
  const open = (query: string) =>
    new Browser(identity.urls[0]!, ISSUER).open(`/oauth/authorize?${query}`);

  /** A page, or back to the registered address; nowhere else. */
  function expectHome(page: { status: number; url: URL }, request: string): void {
    const home = [ISSUER, new URL(REDIRECT_URI).origin].includes(page.url.origin);
    expect([request, home, page.status < 500]).toEqual([request, true, true]);
  }

  it('with any parameter missing, doubled, empty, too long or of strange characters goes nowhere else', async () => {
    await together(Object.keys(params()), async (name) => {
      const without = new URLSearchParams(params());
      without.delete(name);
      expectHome(await open(without.toString()), `without ${name}`);
      for (const value of ['', 'x'.repeat(8_000), '"<>\u{1F600}', 'https://evil.example/', ' ']) {
        const strange = new URLSearchParams(params());
        strange.set(name, value);
        expectHome(await open(strange.toString()), `${name}=${value.slice(0, 20)}`);
        const doubled = new URLSearchParams(params());
        doubled.append(name, value || 'again');
        const page = await open(doubled.toString());
        expectHome(page, `${name} twice`);
        expect(page.url.searchParams.has('code')).toBe(false);
      }
    });
  });

  it('with a NUL or half a character is refused', async () => {
    for (const poison of ['%00', '%ED%A0%80', '%FF']) {
      const response = await fetch(
        `${identity.urls[0]}/oauth/authorize?${new URLSearchParams(params())}&state2=${poison}`,
        { redirect: 'manual' },
      );
      expect([response.status, response.headers.has('location')]).toEqual([400, false]);
    }
  });

  it('with a request object or a request_uri of an address is refused', async () => {
    const requests: Record<string, string>[] = [
      { request: 'eyJ.eyJ.x' },
      { request_uri: 'https://evil.example/request' },
    ];
    for (const over of requests) {
      const page = await open(new URLSearchParams({ ...params(), ...over }).toString());
      expect(page.url.searchParams.has('code')).toBe(false);
      expectHome(page, JSON.stringify(over));
    }
  });
});

describe.each(['authorize', 'logout'])('a form for /oauth/%s', (endpoint) => {
  const FORM = 'application/x-www-form-urlencoded';
  const send = (body: string, type = FORM) =>
    fetch(`${identity.urls[0]}/oauth/${endpoint}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
      redirect: 'manual',
    });

  it('leads to the same as a query here, whatever is in it', async () => {
    const form = 'state=a+b%26c%0D%0Ax&state=%F0%9F%A6%84&client_id=';
    const { status, headers } = await send(form);
    const next = new URL(headers.get('location')!, ISSUER);
    expect([status, next.origin + next.pathname]).toEqual([303, `${ISSUER}/oauth/${endpoint}`]);
    expect([...next.searchParams]).toEqual([...new URLSearchParams(form)]);
  });

  it.each([
    ['a NUL', 'state=%00', FORM],
    ['half a character', 'state=%ED%A0%80', FORM],
    ['more than an address holds', `state=${'x'.repeat(8_200)}`, FORM],
    ['JSON', '{"state":"x"}', 'application/json'],
    ['no type', 'state=x', ''],
  ])('with %s leads nowhere', async (_, body, type) => {
    const { status, headers } = await send(body, type);
    expect([status, headers.has('location')]).toEqual([400, false]);
  });
});

describe('an address in other letters, or with a slash more,', () => {
  it.each([
    'token',
    'token?x=1',
    'par',
    'introspect',
    'revoke',
    'device',
    'device/verify',
    'logout',
  ])('is not /oauth/%s: what is counted by addresses is counted whole', async (address) => {
    const [path, query = ''] = address.split('?') as [string, string?];
    const last = path.charAt(path.length - 1);
    for (const other of [`${path}/`, path.slice(0, -1) + last.toUpperCase()]) {
      const answer = await client.post(`${other}?${query}`, { user_code: 'AAAA-AAAA' });
      expect([other, answer.status]).toEqual([other, 404]);
    }
  });
});

describe('the host that a request names', () => {
  it('is not where anything is said to be', async () => {
    for (const headers of [
      { host: 'evil.example' },
      { 'x-forwarded-host': 'evil.example' },
      { 'x-forwarded-proto': 'ftp', forwarded: 'host=evil.example' },
    ] as Record<string, string>[]) {
      const response = await fetch(`${identity.urls[0]}/.well-known/openid-configuration`, {
        headers,
      });
      const text = await response.text();
      expect(text).not.toContain('evil');
      const document = JSON.parse(text) as Record<string, unknown>;
      expect(document.issuer).toBe(ISSUER);
      for (const [name, value] of Object.entries(document))
        if (/_(endpoint|uri)$/.test(name)) expect(value).toMatch(new RegExp(`^${ISSUER}/oauth/`));
    }
  });
});
