import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IdentityUnderTest, identityUnderTest } from '../../test/identity-under-test.js';
import { type OAuthAnswer, OAuthClient } from '../../test/oauth-client.js';
import { ClientKey } from '../../test/proofs.js';

const ATTEMPTS = 20;

let identity: IdentityUnderTest;

beforeAll(async () => {
  identity = await identityUnderTest({ replicas: 2, env: { POOL_MAX: String(ATTEMPTS) } });
});
afterAll(() => identity.close());

async function shop(body = {}): Promise<OAuthClient> {
  return new OAuthClient(identity.urls[0]!, await identity.client(body));
}

/** The same request many times at once, to two processes in turn. */
async function atOnce(
  client: OAuthClient,
  request: (client: OAuthClient) => Promise<OAuthAnswer>,
): Promise<{ won: OAuthAnswer[]; lost: OAuthAnswer[] }> {
  const { urls } = identity;
  const answers = await Promise.all(
    Array.from({ length: ATTEMPTS }, (_, index) => request(client.at(urls[index % urls.length]!))),
  );
  return {
    won: answers.filter(({ status }) => status === 200),
    lost: answers.filter(({ status }) => status !== 200),
  };
}

const REFUSED = { status: 400, body: { error: 'invalid_grant' } };

describe('of 20 parallel attempts over two processes one succeeds', () => {
  it('with an authorization code, and its grant is over', async () => {
    const client = await shop();
    const code = await client.authorize((await identity.account()).email);
    const { won, lost } = await atOnce(client, (one) => one.redeem(code));
    expect(won).toHaveLength(1);
    expect(lost).toEqual(lost.map(() => expect.objectContaining({ status: 400 })));
    expect(lost.map(({ body }) => body.error)).toEqual(lost.map(() => 'invalid_grant'));
    expect(await client.refresh(won[0]!.body.refresh_token!)).toMatchObject(REFUSED);
    const introspected = await client.post('introspect', { token: won[0]!.body.access_token! });
    expect(introspected.body).toEqual({ active: false });
  });

  it('with a refresh token, and its family is over', async () => {
    const client = await shop();
    const person = await identity.account();
    const first = await client.redeem(await client.authorize(person.email));
    const { won, lost } = await atOnce(client, (one) => one.refresh(first.body.refresh_token!));
    expect(won).toHaveLength(1);
    expect(lost).toHaveLength(ATTEMPTS - 1);
    expect(lost.map(({ body }) => body.error)).toEqual(lost.map(() => 'invalid_grant'));
    expect(await client.refresh(won[0]!.body.refresh_token!)).toMatchObject(REFUSED);
  });

  it('with a DPoP proof', async () => {
    const client = await shop({ grantTypes: ['client_credentials'], scopes: ['orders:read'] });
    const dpop = await (await ClientKey.generate()).dpop('token');
    const { won, lost } = await atOnce(client, (one) =>
      one.post('token', { grant_type: 'client_credentials' }, { ...one.basic(), dpop }),
    );
    expect(won).toHaveLength(1);
    expect(won[0]!.body.token_type).toBe('DPoP');
    expect(lost.map(({ body }) => body.error)).toEqual(lost.map(() => 'invalid_grant'));
  });

  it('with a client assertion', async () => {
    const key = await ClientKey.generate();
    const client = await shop({
      grantTypes: ['client_credentials'],
      scopes: ['orders:read'],
      tokenEndpointAuthMethod: 'private_key_jwt',
      jwks: { keys: [key.publicJwk] },
    });
    const form = {
      grant_type: 'client_credentials',
      ...(await key.assertion(client.registered.clientId)),
    };
    const { won, lost } = await atOnce(client, (one) => one.post('token', form, {}));
    expect(won).toHaveLength(1);
    expect(lost.map(({ status, body }) => [status, body.error])).toEqual(
      lost.map(() => [401, 'invalid_client']),
    );
  });
});

describe('a code that is used again later', () => {
  it('takes back what it gave the first time', async () => {
    const client = await shop();
    const code = await client.authorize((await identity.account()).email);
    const first = await client.redeem(code);
    expect(first.status).toBe(200);
    expect(await client.redeem(code)).toMatchObject(REFUSED);
    expect(await client.refresh(first.body.refresh_token!)).toMatchObject(REFUSED);
  });

  it('is no better with the verifier of somebody else, who ends nothing by trying', async () => {
    const client = await shop();
    const code = await client.authorize((await identity.account()).email);
    const stolen = { ...code, verifier: 'x'.repeat(43) };
    expect(await client.redeem(stolen)).toMatchObject(REFUSED);
    expect((await client.redeem(code)).status).toBe(200);
  });
});

describe('a refresh token of before the last rotation', () => {
  it('takes the whole family back, in whatever process, after any restart', async () => {
    const client = await shop();
    const person = await identity.account();
    const first = await client.redeem(await client.authorize(person.email));
    const second = await client.refresh(first.body.refresh_token!);
    const elsewhere = client.at(identity.urls[1]!);
    expect(await elsewhere.refresh(first.body.refresh_token!)).toMatchObject(REFUSED);
    expect(await client.refresh(second.body.refresh_token!)).toMatchObject(REFUSED);
  });
});
