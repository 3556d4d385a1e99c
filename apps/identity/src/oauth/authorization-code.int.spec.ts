import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GetSigningKeys } from '@flotilla/contracts/signing-keys';
import { Browser } from '@flotilla/testing/browser';
import { createLocalJWKSet, jwtVerify } from 'jose';
import {
  type IdentityUnderTest,
  identityUnderTest,
  ISSUER,
} from '../../test/identity-under-test.js';
import { claimsOf, OAuthClient, signIn } from '../../test/oauth-client.js';

let identity: IdentityUnderTest;

beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());

async function shop(body = {}): Promise<OAuthClient> {
  return new OAuthClient(identity.urls[0]!, await identity.client(body));
}

describe('an authorization code', () => {
  it('gives an access token for the API, signed by a published key, with what the gateway has to know', async () => {
    const client = await shop();
    const person = await identity.account();
    const { status, body } = await client.redeem(await client.authorize(person.email));
    expect([status, body]).toMatchObject([
      200,
      { token_type: 'Bearer', expires_in: 300, scope: 'openid email offline_access orders:read' },
    ]);
    const { keys } = await identity.caller.rpc.call(GetSigningKeys, {});
    const { payload, protectedHeader } = await jwtVerify(
      body.access_token!,
      createLocalJWKSet({ keys }),
    );
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt', kid: keys[0]!.kid });
    expect(payload).toEqual({
      iss: ISSUER,
      aud: `${ISSUER}/api`,
      sub: person.id,
      client_id: client.registered.clientId,
      scope: 'openid email offline_access orders:read',
      jti: expect.any(String),
      gid: expect.any(String),
      sid: expect.any(String),
      cv: 1,
      iat: expect.any(Number),
      exp: payload.iat! + 300,
    });
    const idToken = claimsOf(body.id_token!);
    expect(idToken).toMatchObject({
      iss: ISSUER,
      aud: client.registered.clientId,
      sub: person.id,
      email: person.email,
      email_verified: false,
    });
  });

  it('may be asked for by a form', async () => {
    const [client, { email }] = [await shop(), await identity.account()];
    const pkce = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };
    const { searchParams } = new URL(client.authorizeUrl(pkce), ISSUER);
    const at = new Browser(identity.urls[0]!, ISSUER);
    const first = await at.open('/oauth/authorize', Object.fromEntries(searchParams));
    const { url } = await signIn(at, first, email);
    expect(url.searchParams.get('state')).toBe('state-17');
    expect(url.searchParams.has('code')).toBe(true);
  });

  it('refreshes, each time with another refresh token', async () => {
    const client = await shop();
    const person = await identity.account();
    const first = await client.redeem(await client.authorize(person.email));
    const second = await client.refresh(first.body.refresh_token!);
    expect(second).toMatchObject({ status: 200, body: { refresh_token: expect.any(String) } });
    expect(second.body.refresh_token).not.toBe(first.body.refresh_token);
  });
});
