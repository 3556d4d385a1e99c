import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from '@flotilla/testing/browser';
import {
  expectOAuth,
  expectRefusal,
  type Form,
  mutants,
  STRANGE,
  together,
  twice,
  without,
} from '../../test/bad-input.js';
import {
  type IdentityUnderTest,
  identityUnderTest,
  ISSUER,
  REDIRECT_URI,
} from '../../test/identity-under-test.js';
import { type OAuthAnswer, type OAuthBody, OAuthClient } from '../../test/oauth-client.js';
import { ClientKey } from '../../test/proofs.js';

const SIGNED_OUT = 'https://shop.example/bye';
/** Claims that cannot be, for any that is looked at: of another type, too long, too far away, with a NUL. */
const NONSENSE = [
  undefined,
  null,
  '',
  'x'.repeat(4_000),
  'a\0b',
  '\ud800',
  17,
  -1,
  1e300,
  {},
  ['x'],
];

let identity: IdentityUnderTest;
let key: ClientKey;
/** Proves itself by its key. */
let robot: OAuthClient;
let client: OAuthClient;
let other: OAuthClient;
let given: OAuthBody;
let theirs: OAuthBody;

beforeAll(async () => {
  identity = await identityUnderTest();
  key = await ClientKey.generate();
  const make = async (over: object) =>
    new OAuthClient(identity.urls[0]!, await identity.client(over));
  const postLogoutRedirectUris = [SIGNED_OUT];
  robot = await make({
    grantTypes: ['client_credentials'],
    scopes: ['orders:read'],
    tokenEndpointAuthMethod: 'private_key_jwt',
    jwks: { keys: [key.publicJwk] },
  });
  client = await make({ postLogoutRedirectUris });
  other = await make({ postLogoutRedirectUris: ['https://other.example/bye'] });
  const { email } = await identity.account();
  given = (await client.redeem(await client.authorize(email))).body;
  theirs = (await other.redeem(await other.authorize(email))).body;
});
afterAll(() => identity.close());

/** The token of a JWT without a signature, or with one by a secret that everybody knows. */
function forged(alg: 'none' | 'HS256', jwt: string, secret = ''): string {
  const [header, payload] = jwt.split('.') as [string, string];
  const claimed = { ...(JSON.parse(Buffer.from(header, 'base64url').toString()) as object), alg };
  const signed = `${Buffer.from(JSON.stringify(claimed)).toString('base64url')}.${payload}`;
  const signature = createHmac('sha256', secret).update(signed).digest('base64url');
  return `${signed}.${alg === 'none' ? '' : signature}`;
}

describe('a client assertion', () => {
  const GRANT = { grant_type: 'client_credentials', scope: 'orders:read' };
  const send = (form: Form) => robot.post('token', form, {});
  const clientId = () => robot.registered.clientId;
  const proved = async (claims = {}, header = {}, by = key) => ({
    ...GRANT,
    ...(await by.assertion(clientId(), claims, header)),
  });

  it('that is good is taken', async () => {
    expect((await send(await proved())).status).toBe(200);
  });

  it('with any of its parameters missing, twice, too long, empty or strange is refused', async () => {
    const form = await proved();
    const names = ['client_assertion', 'client_assertion_type'];
    for (const change of [
      without,
      twice,
      ...STRANGE.map((value) => (good: Form, name: string) => ({ ...good, [name]: value })),
    ])
      for (const mutant of mutants(() => form, change))
        if (names.includes(mutant.name))
          expectRefusal(await send(mutant.form), { name: mutant.name });
    // None of these has used it up.
    expect((await send(form)).status).toBe(200);
  });

  it('with any claim or header of nonsense is refused, or not looked at', async () => {
    await together(NONSENSE, async (value) => {
      for (const name of ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti'])
        expectOAuth(await send(await proved({ [name]: value })), { name, value });
      expectOAuth(await send(await proved({}, { kid: value })), { kid: value });
    });
  });

  it('of another client, by another key, for another place, or over is refused', async () => {
    const anothers = await key.assertion(other.registered.clientId);
    const good = (await proved()) as Record<string, string>;
    const assertion = good.client_assertion!;
    for (const form of [
      { ...good, client_assertion: anothers.client_assertion! },
      { ...GRANT, ...anothers },
      await proved({}, {}, await ClientKey.generate()),
      await proved({ aud: 'https://evil.example' }),
      await proved({ exp: Math.floor(Date.now() / 1_000) - 60 }),
      { ...good, client_assertion: forged('none', assertion) },
      { ...good, client_assertion: forged('HS256', assertion, JSON.stringify(key.publicJwk)) },
    ] as Form[])
      expectRefusal(await send(form), form);
  });

  it('beside a secret is a contradiction', async () => {
    const headers = client.basic();
    const answer = await robot.post('token', await proved(), headers);
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });
});

describe('a DPoP proof', () => {
  const scope = 'orders:read';
  const REQUESTS: Record<string, (dpop: string) => Promise<OAuthAnswer>> = {
    token: async (dpop) => {
      const form = await key.assertion(robot.registered.clientId);
      return robot.post('token', { grant_type: 'client_credentials', scope, ...form }, { dpop });
    },
    userinfo: (dpop) =>
      client.post('userinfo', {}, { authorization: `DPoP ${given.access_token!}`, dpop }),
    par: (dpop) => {
      const challenge = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };
      const form = { response_type: 'code', redirect_uri: REDIRECT_URI, scope, ...challenge };
      return client.post('par', form, { ...client.basic(), dpop });
    },
  };

  it.each(Object.entries(REQUESTS))('of nonsense is refused at %s', async (endpoint, send) => {
    const good = await key.dpop(endpoint);
    const refused = async (dpop: string, why: object) => expectRefusal(await send(dpop), why);
    for (const value of ['x'.repeat(8_000), '"\\<>', '..', '%00', 'a.b.c', `${good}, ${good}`])
      await refused(value, { value: value.slice(0, 20) });
    await together(NONSENSE, async (value) => {
      for (const name of ['htm', 'htu', 'iat'])
        await refused(await key.dpop(endpoint, 'POST', { [name]: value }), { name, value });
      expectOAuth(await send(await key.dpop(endpoint, 'POST', { jti: value })), { jti: value });
    });
    for (const header of [{ typ: 'JWT' }, { jwk: {} }, { jwk: 'x' }, { jwk: undefined }])
      await refused(await key.dpop(endpoint, 'POST', {}, header), header);
    const { publicJwk } = await ClientKey.generate();
    await refused(await key.dpop(endpoint, 'POST', {}, { jwk: publicJwk }), { jwk: 'another' });
    await refused(await key.dpop('device'), { htu: 'another' });
    await refused(forged('none', good), { alg: 'none' });
    await refused(forged('HS256', good), { alg: 'HS256' });
  });
});

describe('userinfo', () => {
  const asked = (authorization: string) => client.get('userinfo', {}, { authorization });

  it('without a token, or with a strange one, is refused', async () => {
    expectRefusal(await client.get('userinfo'), {});
    const token = given.access_token!;
    for (const authorization of [
      '',
      'Bearer',
      'Bearer  ',
      token,
      `Basic ${token}`,
      `Bearer ${token} ${token}`,
      `Bearer ${token}, Bearer ${token}`,
      `DPoP ${token}`,
      `Bearer ${forged('none', token)}`,
      ...['x'.repeat(8_000), '"\\<>', '../../etc/passwd', '%', '%00', 'a.b.c', "' OR 1=1 --"].map(
        (value) => `Bearer ${value}`,
      ),
    ])
      expectRefusal(await asked(authorization), { authorization });
  });

  it('with what is no access token of a person is refused', async () => {
    const proof = await key.assertion(robot.registered.clientId);
    const { body } = await robot.post('token', { grant_type: 'client_credentials', ...proof }, {});
    for (const value of [body.access_token!, given.refresh_token!, given.id_token!])
      expectRefusal(await asked(`Bearer ${value}`), { value });
  });

  it('with a parameter twice, in two places, too long or of strange characters is no fault', async () => {
    const token = given.access_token!;
    const authorization = `Bearer ${token}`;
    const form = () => ({ scope: 'openid', access_token: token });
    for (const { name, form: mutant } of mutants(form, twice)) {
      const answer = await client.post('userinfo', mutant, {});
      expect([name, answer.status, answer.body.error]).toEqual([name, 400, 'invalid_request']);
    }
    const both = await client.post('userinfo', form(), { authorization });
    expect(both).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    for (const value of STRANGE) {
      expectOAuth(await client.post('userinfo', { access_token: value }, {}), { value });
      expectOAuth(await client.post('userinfo', { scope: value }, { authorization }), { value });
    }
    for (const poison of ['%00', '%ED%A0%80', '%FF']) {
      const address = `${identity.urls[0]}/oauth/userinfo?scope=${poison}`;
      const response = await fetch(address, { headers: { authorization } });
      expect([poison, response.status]).toEqual([poison, 400]);
      expect(await response.json()).toMatchObject({ error: 'invalid_request' });
    }
  });
});

describe('signing out', () => {
  const form = () => ({
    id_token_hint: given.id_token!,
    client_id: client.registered.clientId,
    post_logout_redirect_uri: SIGNED_OUT,
    state: 'state-17',
    ui_locales: 'en',
    logout_hint: 'somebody',
  });

  /** A form by a browser, to the end: a page, or the registered address; nowhere else. */
  async function expectHome(params: Form): Promise<void> {
    const at = new Browser(identity.urls[0]!, ISSUER);
    let page = await at.open(client.address('logout', params));
    if (page.html.includes('/logout/confirm"'))
      page = await at.submit(page, '/logout/confirm', { logout: 'yes' });
    const { origin, pathname } = page.url;
    const isHome = origin === ISSUER || origin + pathname === SIGNED_OUT;
    expect([params, isHome, page.status < 500]).toEqual([params, true, true]);
  }

  it('with any parameter missing, twice, too long, empty or of strange characters goes nowhere else', async () => {
    const changes = [
      without,
      ...STRANGE.map((value) => (good: Form, name: string) => ({
        ...good,
        [name]: value.slice(0, 4_000),
      })),
    ];
    await together(changes, async (change) => {
      for (const { form: mutant } of mutants(form, change)) {
        expectOAuth(await client.get('logout', mutant), mutant);
        await expectHome(mutant);
      }
    });
    for (const { name, form: mutant } of mutants(form, twice)) {
      const answer = await client.get('logout', mutant);
      expect([name, answer.status, answer.body.error]).toEqual([name, 400, 'invalid_request']);
      await expectHome(mutant);
    }
  });

  it('with a NUL or half a character is refused', async () => {
    for (const poison of ['%00', '%ED%A0%80', '%FF'])
      for (const name of Object.keys(form())) {
        const address = `${identity.urls[0]}/oauth/logout?${name}=${poison}`;
        const { status, headers } = await fetch(address, { redirect: 'manual' });
        expect([name, status, headers.has('location')]).toEqual([name, 400, false]);
      }
  });

  it("with another client's values is refused", async () => {
    for (const over of [
      { id_token_hint: theirs.id_token! },
      { id_token_hint: given.access_token! },
      { id_token_hint: forged('none', given.id_token!) },
      { client_id: other.registered.clientId },
      { post_logout_redirect_uri: 'https://other.example/bye' },
      { post_logout_redirect_uri: `${SIGNED_OUT}/` },
    ] as Form[]) {
      const mutant = { ...form(), ...over };
      const answer = await client.get('logout', mutant);
      expectRefusal(answer, over);
      await expectHome(mutant);
    }
  });

  it('is confirmed by a form that came from here alone', async () => {
    for (const params of [
      {},
      { xsrf: 'guessed', logout: 'yes' },
      { xsrf: ['a', 'b'], logout: 'yes' },
      { xsrf: 'x'.repeat(50_000), logout: 'yes' },
    ] as Form[]) {
      const answer = await client.post('logout/confirm', params, {});
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    }
  });
});
