import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PERMISSIONS } from '@flotilla/contracts/actor';
import { IssueInitialAccessToken, MAX_CLIENT_NAME } from '@flotilla/contracts/oauth-clients';
import {
  type IdentityUnderTest,
  identityUnderTest,
  REDIRECT_URI,
} from '../../test/identity-under-test.js';
import { expectOAuth, STRANGE, together } from '../../test/bad-input.js';
import { type OAuthBody, OAuthClient } from '../../test/oauth-client.js';
import { ClientKey } from '../../test/proofs.js';

let identity: IdentityUnderTest;

let token: string;

beforeAll(async () => {
  identity = await identityUnderTest();
  const { id: userId } = await identity.account('staff');
  const actor = { userId, mode: 'live' as const, permissions: PERMISSIONS };
  ({ token } = await identity.caller.rpc.call(IssueInitialAccessToken, {}, { actor }));
});
afterAll(() => identity.close());

describe('dynamic registration', () => {
  const register = (metadata: unknown, by?: string) => send(JSON.stringify(metadata), by);
  const send = (body: string, by = token) =>
    fetch(`${identity.urls[0]}/oauth/register`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(by && { authorization: `Bearer ${by}` }),
      },
      body,
    });
  const METADATA = {
    client_name: 'Registered',
    redirect_uris: [REDIRECT_URI],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'openid offline_access orders:read',
  };

  it('needs a token, and makes a client that works', async () => {
    expect((await register(METADATA, '')).status).toBe(401);
    expect((await register(METADATA, 'guessed')).status).toBe(401);
    const response = await register(METADATA);
    expect(response.status).toBe(201);
    const made = (await response.json()) as { client_id: string; client_secret: string };
    expect(made).not.toHaveProperty('registration_access_token');
    const client = new OAuthClient(identity.urls[0]!, {
      clientId: made.client_id,
      clientSecret: made.client_secret,
    });
    const { email } = await identity.account();
    expect(
      (await client.redeem(await client.authorize(email, { scope: 'openid orders:read' }))).status,
    ).toBe(200);
  });

  it('lets a client act for itself in the name of whoever gave the token', async () => {
    const metadata = {
      client_name: 'Robot',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      scope: 'orders:read',
    };
    const response = await register(metadata);
    const made = (await response.json()) as { client_id: string; client_secret: string };
    const client = new OAuthClient(identity.urls[0]!, {
      clientId: made.client_id,
      clientSecret: made.client_secret,
    });
    const { body } = await client.post('token', { grant_type: 'client_credentials' });
    expect(body.scope).toBe('orders:read');
  });

  it.each([
    { grant_types: ['implicit'], response_types: ['token'] },
    { grant_types: ['password'] },
    { redirect_uris: ['javascript:alert(1)'] },
    { redirect_uris: ['https://shop.example/#fragment'] },
    { token_endpoint_auth_method: 'client_secret_jwt' },
    { id_token_signed_response_alg: 'HS256' },
    { id_token_signed_response_alg: 'none' },
    { scope: 'everything' },
    { redirect_uris: 'https://shop.example/' },
    { client_name: 17 },
    { client_name: 'x'.repeat(MAX_CLIENT_NAME + 1) },
  ])('refuses %j', async (over) => {
    const response = await register({ ...METADATA, ...over });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: expect.stringMatching(/^invalid_(client_metadata|redirect_uri)$/),
    });
  });

  /** A client, or the error of an RFC. */
  async function expectAnswer(response: Response, request: object): Promise<void> {
    const { status, headers } = response;
    expectOAuth({ status, headers, body: (await response.json()) as OAuthBody }, request);
  }
  /** Every member of what a client may say of itself. */
  const full = async () => ({
    ...METADATA,
    response_types: ['code'],
    application_type: 'web',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [(await ClientKey.generate()).publicJwk] },
    post_logout_redirect_uris: ['https://shop.example/bye'],
    backchannel_logout_uri: 'https://shop.example/over',
    contacts: ['ada@shop.example'],
    client_uri: 'https://shop.example/',
    default_max_age: 60,
    dpop_bound_access_tokens: true,
  });

  it('with any member missing, twice, of another type, too long or strange makes a client, or is an error', async () => {
    const good = await full();
    expect((await register(good)).status).toBe(201);
    await together(Object.keys(good), async (name) => {
      for (const value of [
        undefined,
        null,
        '',
        17,
        -1e300,
        {},
        [],
        [[]],
        [null],
        ['x'],
        ...STRANGE,
      ])
        await expectAnswer(await register({ ...good, [name]: value }), { name, value });
      const again = `{"${name}":"again",${JSON.stringify(good).slice(1)}`;
      await expectAnswer(await send(again), { twice: name });
      for (const poison of ['a\0b', '\ud800'])
        expect([name, (await register({ ...good, [name]: poison })).status]).toEqual([name, 400]);
    });
  });

  it('with a body that is no object, or far too large, is refused', async () => {
    for (const body of ['', '{', '[]', 'null', '"x"', `{"a":"${'x'.repeat(70_000)}"}`]) {
      const response = await send(body);
      expect([body.slice(0, 9), response.status]).toEqual([body.slice(0, 9), 400]);
    }
  });

  it("with another client's values takes over none of them", async () => {
    const { clientId, clientSecret } = await identity.client();
    const claimed = { client_id: clientId, client_secret: clientSecret };
    const response = await register({ ...METADATA, ...claimed });
    expect(response.status).toBe(201);
    const made = (await response.json()) as Record<string, unknown>;
    expect(made.client_id).not.toBe(clientId);
    expect(made.client_secret).not.toBe(clientSecret);
    for (const by of ['', 'x'.repeat(8_000), clientSecret!, `${clientSecret} x`, '"\\<>'])
      await expectAnswer(await register(METADATA, by), { by });
  });
});
