import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreateOAuthClientBody } from '@flotilla/contracts/oauth-clients';
import {
  type IdentityUnderTest,
  identityUnderTest,
  ISSUER,
  PASSWORD,
} from '../../test/identity-under-test.js';
import { claimsOf, OAuthClient } from '../../test/oauth-client.js';
import { ClientKey } from '../../test/proofs.js';

let identity: IdentityUnderTest;

beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());

async function shop(body: Partial<CreateOAuthClientBody> = {}): Promise<OAuthClient> {
  return new OAuthClient(identity.urls[0]!, await identity.client(body));
}

async function tokensOf(client: OAuthClient, over: Record<string, string> = {}) {
  const person = await identity.account();
  const { body } = await client.redeem(await client.authorize(person.email, over));
  return {
    person,
    access: body.access_token!,
    refresh: body.refresh_token!,
    body,
  };
}

const isActive = async (client: OAuthClient, token: string) =>
  (await client.post('introspect', { token })).body.active!;

describe('client credentials', () => {
  it('speak for the owner of the client, within what the client and the role of the owner allow', async () => {
    const owner = await identity.account('customer');
    const registered = await identity.client(
      { grantTypes: ['client_credentials'], scopes: ['orders:read', 'orders:admin'] },
      owner,
    );
    const client = new OAuthClient(identity.urls[0]!, registered);
    const { status, body } = await client.post('token', { grant_type: 'client_credentials' });
    expect([status, body]).toMatchObject([200, { token_type: 'Bearer', scope: 'orders:read' }]);
    expect(body).not.toHaveProperty('refresh_token');
    expect(claimsOf(body.access_token!)).toMatchObject({
      sub: registered.clientId,
      client_id: registered.clientId,
      gid: registered.clientId,
      owner: owner.id,
      cv: 1,
      aud: `${ISSUER}/api`,
      scope: 'orders:read',
    });
  });

  it('give what is asked for, and refuse a scope that the client is not registered for', async () => {
    const client = await shop({
      grantTypes: ['client_credentials'],
      scopes: ['orders:read', 'orders:write'],
    });
    const ask = (scope: string) =>
      client.post('token', { grant_type: 'client_credentials', scope });
    expect((await ask('orders:write')).body.scope).toBe('orders:write');
    expect(await ask('users:read')).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    });
  });

  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'are proved by %s',
    async (method) => {
      const client = await shop({
        grantTypes: ['client_credentials'],
        scopes: ['orders:read'],
        tokenEndpointAuthMethod: method,
      });
      const { clientId: client_id, clientSecret } = client.registered;
      const form = { grant_type: 'client_credentials' };
      const answers = {
        client_secret_basic: await client.post('token', form),
        client_secret_post: await client.post(
          'token',
          { ...form, client_id, client_secret: clientSecret! },
          {},
        ),
      };
      expect(answers[method].status).toBe(200);
    },
  );

  it('are refused alike to an unknown client and to a wrong secret', async () => {
    const client = await shop({ grantTypes: ['client_credentials'], scopes: ['orders:read'] });
    const unknown = { clientId: 'cli_01m89rtvtqfcjv4h6p4142hhwa', clientSecret: 'secret' };
    const wrong = { ...client.registered, clientSecret: 'secret' };
    const answers = await Promise.all(
      [unknown, wrong, { clientId: 'nonsense', clientSecret: 'secret' }].map(async (registered) => {
        const { status, body, headers } = await new OAuthClient(identity.urls[0]!, registered).post(
          'token',
          { grant_type: 'client_credentials' },
        );
        return { status, body, challenge: headers.get('www-authenticate') };
      }),
    );
    expect(answers[0]).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(answers[0]!.challenge).toMatch(/^Basic realm=/);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it.each(['password', 'implicit', 'urn:ietf:params:oauth:grant-type:token-exchange'])(
    'are no grant of the type %s',
    async (grant_type) => {
      const { email: username } = await identity.account();
      const form = { grant_type, username, password: PASSWORD, scope: 'orders:read' };
      expect(await (await shop()).post('token', form)).toMatchObject({
        status: 400,
        body: { error: 'unsupported_grant_type' },
      });
    },
  );

  it('are over once the owner is disabled', async () => {
    const owner = await identity.account('staff');
    const registered = await identity.client(
      { grantTypes: ['client_credentials'], scopes: ['orders:read'] },
      owner,
    );
    const client = new OAuthClient(identity.urls[0]!, registered);
    const { body } = await client.post('token', { grant_type: 'client_credentials' });
    const disable = 'UPDATE accounts SET disabled_at = now() WHERE email = $1';
    await identity.database.pool().query(disable, [owner.email]);
    expect(await isActive(client, body.access_token!)).toBe(false);
    expect(await client.post('token', { grant_type: 'client_credentials' })).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client' },
    });
  });
});

describe('a token of a person', () => {
  it('carries no more than the role allows, whatever was asked for and agreed to', async () => {
    const client = await shop({ scopes: ['openid', 'orders:read', 'orders:admin', 'users:admin'] });
    const scope = 'openid orders:read orders:admin users:admin';
    const { access, body } = await tokensOf(client, { scope });
    expect(body.scope).toBe('openid orders:read');
    expect(claimsOf(access).scope).toBe('openid orders:read');
  });

  it('loses what the role lost at the next refresh', async () => {
    const client = await shop({
      scopes: ['openid', 'offline_access', 'orders:read', 'orders:admin'],
    });
    const person = await identity.account('staff');
    const scope = 'openid offline_access orders:read orders:admin';
    const first = await client.redeem(await client.authorize(person.email, { scope }));
    expect(first.body.scope).toBe(scope);
    const lower = "UPDATE accounts SET role = 'customer' WHERE email = $1";
    await identity.database.pool().query(lower, [person.email]);
    const second = await client.refresh(first.body.refresh_token!);
    expect(second.body.scope).toBe('openid offline_access orders:read');
  });

  it('is not refreshed once the account is disabled', async () => {
    const client = await shop();
    const { person, refresh, access } = await tokensOf(client);
    const disable = 'UPDATE accounts SET disabled_at = now() WHERE email = $1';
    await identity.database.pool().query(disable, [person.email]);
    expect(await client.refresh(refresh)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(await isActive(client, access)).toBe(false);
  });

  it('comes without a refresh token unless offline access was asked for', async () => {
    const { refresh } = await tokensOf(await shop(), { scope: 'openid orders:read' });
    expect(refresh).toBeUndefined();
  });

  it('tells who somebody is, whether it is for the API as well or not', async () => {
    const client = await shop();
    for (const scope of ['openid email', 'openid email orders:read']) {
      const { access, person } = await tokensOf(client, { scope });
      expect(await client.userinfo(access)).toMatchObject({
        status: 200,
        body: { sub: person.id, email: person.email, email_verified: false },
      });
    }
    const { access } = await tokensOf(client, { scope: 'orders:read' });
    expect(await client.userinfo(access)).toMatchObject({
      status: 403,
      body: { error: 'insufficient_scope' },
    });
  });

  it('is for no other resource than the API', async () => {
    const client = await shop();
    const refused = await client.post('token', {
      grant_type: 'authorization_code',
      code: 'none',
      redirect_uri: 'https://shop.example/callback',
      resource: 'https://evil.example',
    });
    expect(refused.status).toBe(400);
    const robot = await shop({ grantTypes: ['client_credentials'], scopes: ['orders:read'] });
    const form = { grant_type: 'client_credentials', resource: 'https://evil.example' };
    expect(await robot.post('token', form)).toMatchObject({
      status: 400,
      body: { error: 'invalid_target' },
    });
    expect((await robot.post('token', { ...form, resource: `${ISSUER}/api` })).status).toBe(200);
  });
});

describe('introspection', () => {
  it('tells what a token is good for, of every kind', async () => {
    const client = await shop();
    const { access, refresh, person } = await tokensOf(client);
    expect((await client.post('introspect', { token: access })).body).toMatchObject({
      active: true,
      sub: person.id,
      client_id: client.registered.clientId,
      scope: 'openid email offline_access orders:read',
      aud: `${ISSUER}/api`,
      token_type: 'Bearer',
    });
    expect((await client.post('introspect', { token: refresh })).body).toMatchObject({
      active: true,
    });
    const opaque = await tokensOf(client, { scope: 'openid' });
    expect(await isActive(client, opaque.access)).toBe(true);
  });

  it('finds nothing good in what nobody issued', async () => {
    const client = await shop();
    const { access } = await tokensOf(client);
    const [header, payload, signature] = access.split('.') as [string, string, string];
    const unsigned = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    for (const token of [
      'nonsense',
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${unsigned}.${payload}.`,
      `${unsigned}.${payload}.${signature}`,
      `jwt:${access}x`,
    ]) {
      expect((await client.post('introspect', { token })).body).toEqual({ active: false });
    }
  });
});

describe('revocation', () => {
  it.each(['access', 'refresh'] as const)('by the %s token ends the whole grant', async (kind) => {
    const client = await shop();
    const tokens = await tokensOf(client);
    expect((await client.post('revoke', { token: tokens[kind] })).status).toBe(200);
    expect(await isActive(client, tokens.access)).toBe(false);
    expect(await client.refresh(tokens.refresh)).toMatchObject({
      body: { error: 'invalid_grant' },
    });
  });

  it("ends one token of a client's own and no other", async () => {
    const client = await shop({ grantTypes: ['client_credentials'], scopes: ['orders:read'] });
    const issue = async () =>
      (await client.post('token', { grant_type: 'client_credentials' })).body
        .access_token as string;
    const [one, other] = [await issue(), await issue()];
    expect((await client.post('revoke', { token: one })).status).toBe(200);
    expect(await isActive(client, one)).toBe(false);
    expect(await isActive(client, other)).toBe(true);
  });

  it('is not for the tokens of others, nor an oracle for them', async () => {
    const [client, other] = [await shop(), await shop()];
    const { access, refresh } = await tokensOf(client);
    for (const token of [access, refresh, 'nonsense'])
      expect((await other.post('revoke', { token })).status).toBe(200);
    expect(await isActive(client, access)).toBe(true);
    expect((await client.refresh(refresh)).status).toBe(200);
  });
});

describe('DPoP', () => {
  it('binds a token to a key, from the code to userinfo', async () => {
    const key = await ClientKey.generate();
    const client = await shop({
      tokenEndpointAuthMethod: 'none',
      redirectUris: ['http://127.0.0.1/cb'],
    });
    const person = await identity.account();
    const redirect = 'http://127.0.0.1:4711/cb';
    const code = await client.authorize(person.email, { redirect_uri: redirect });
    const { body } = await client.redeem(
      code,
      { redirect_uri: redirect },
      { dpop: await key.dpop('token') },
    );
    expect(body.token_type).toBe('DPoP');
    const token = body.access_token!;
    expect(claimsOf(token).cnf).toEqual({ jkt: expect.any(String) });

    const ath = createHash('sha256').update(token).digest('base64url');
    const proof = await key.dpop('userinfo', 'GET', { ath });
    const authorization = `DPoP ${token}`;
    expect((await client.userinfo(token, { authorization, dpop: proof })).status).toBe(200);
    expect((await client.userinfo(token)).status).toBe(401);
    const other = await (await ClientKey.generate()).dpop('userinfo', 'GET', { ath });
    expect((await client.userinfo(token, { authorization, dpop: other })).status).toBe(401);

    const refresh = { grant_type: 'refresh_token', refresh_token: body.refresh_token! };
    const form = { ...refresh, client_id: client.registered.clientId };
    expect(await client.post('token', form)).toMatchObject({ body: { error: 'invalid_grant' } });
    const refreshed = await client.post('token', form, { dpop: await key.dpop('token') });
    expect(refreshed.status).toBe(200);
  });

  it('of a client with a secret that asks for it binds every token, those of a refresh too', async () => {
    const key = await ClientKey.generate();
    const client = await shop({ dpopBoundAccessTokens: true });
    const { email } = await identity.account();
    const code = await client.authorize(email);
    const prove = async () => ({ ...client.basic(), dpop: await key.dpop('token') });
    const { body } = await client.redeem(code, {}, await prove());
    expect(body.token_type).toBe('DPoP');
    const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token! };
    expect((await client.post('token', form)).status).toBe(400);
    const refreshed = await client.post('token', form, await prove());
    expect(refreshed).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
    expect(claimsOf(refreshed.body.access_token!).cnf).toEqual(claimsOf(body.access_token!).cnf);
  });
});
