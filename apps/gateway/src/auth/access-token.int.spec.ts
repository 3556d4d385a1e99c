import { newUuid, toId } from '@flotilla/contracts/ids';
import { CLIENT_KEY_ALGORITHMS } from '@flotilla/contracts/oauth-scopes';
import { ListOrders } from '@flotilla/contracts/orders';
import type { RevocationEntry } from '@flotilla/contracts/revocation';
import { GetSigningKeys, type PublicJwk } from '@flotilla/contracts/signing-keys';
import { eventually } from '@flotilla/testing/eventually';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  exportSPKI,
  importJWK,
  type CryptoKey,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { type GatewayUnderTest, gatewayUnderTest } from '../../test/gateway-under-test.js';
import type { Asked } from '../../test/services.js';
import { ProvingClient, TestIssuer } from '../../test/tokens.js';

const PUBLIC_URL = 'https://shop.example';
const ADDRESS = `${PUBLIC_URL}/api/orders`;

let gateway: GatewayUnderTest;
let issuer: TestIssuer;
let published: PublicJwk[];
let fetched = 0;
let asked: Asked;

beforeAll(async () => {
  gateway = await gatewayUnderTest({ PUBLIC_URL });
  await gateway.services.answer(ListOrders, (_, by) => {
    asked = by;
    return { data: [], nextCursor: null, cursors: [] };
  });
  await gateway.services.answer(GetSigningKeys, () => {
    fetched += 1;
    return { keys: published };
  });
  issuer = await TestIssuer.create(PUBLIC_URL);
  published = [issuer.publicKey];
});
afterAll(() => gateway.close());

function call(authorization: string, headers: Record<string, string> = {}): Promise<Response> {
  return gateway.fetch('/api/orders', { headers: { authorization, ...headers } });
}

const statusOf = async (token: string): Promise<number> => (await call(`Bearer ${token}`)).status;

describe('an access token', () => {
  it('speaks for its user, with the permissions among its scopes', async () => {
    const sub = toId('usr', newUuid());
    const token = await issuer.token({ sub, scope: 'openid orders:read users:read nonsense' });
    expect(await statusOf(token)).toBe(200);
    expect(asked.actor).toEqual({
      userId: sub,
      clientId: 'shop',
      mode: 'live',
      permissions: ['users:read', 'orders:read'],
    });
  });

  it('of a client that acts for itself speaks for the owner of the client', async () => {
    const owner = toId('usr', newUuid());
    expect(await statusOf(await issuer.token({ sub: 'robot', gid: 'robot', owner }))).toBe(200);
    expect(asked.actor).toMatchObject({ userId: owner });
  });

  it('without the scope is refused with the name of what is missing', async () => {
    const response = await call(`Bearer ${await issuer.token({ scope: 'users:read' })}`);
    expect(await response.json()).toMatchObject({ status: 403, permission: 'orders:read' });
  });

  it('is the same bad one whatever is wrong with it', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const stranger = await TestIssuer.create(PUBLIC_URL);
    const publicKey = (await importJWK(issuer.publicKey, 'ES256', {
      extractable: true,
    })) as CryptoKey;
    const asSecret = new TextEncoder().encode(await exportSPKI(publicKey));
    const confused = { alg: 'HS256', typ: 'at+jwt', kid: issuer.publicKey.kid };
    const good = await issuer.token();
    const without = (claim: string): Promise<string> => issuer.token({ [claim]: undefined });
    const tokens: Record<string, string> = {
      'alg none': new UnsecuredJWT(issuer.claims()).encode(),
      'HS256 with the public key': await new SignJWT(issuer.claims())
        .setProtectedHeader(confused)
        .sign(asSecret),
      'another issuer': await issuer.token({ iss: 'https://evil.example' }),
      'another audience': await issuer.token({ aud: PUBLIC_URL }),
      'an unknown key': await stranger.token(),
      "another key under a known one's name": await stranger.token(
        {},
        { kid: issuer.publicKey.kid },
      ),
      'another type': await issuer.token({}, { typ: 'JWT' }),
      expired: await issuer.token({ exp: now - 1 }),
      'not yet valid': await issuer.token({ nbf: now + 60 }),
      'too long a life': await issuer.token({ iat: now, exp: now + 3_601 }),
      'no expiry': await without('exp'),
      'no subject': await without('sub'),
      'no grant': await without('gid'),
      'no version': await without('cv'),
      'a changed claim': good.replace(/\.[^.]+\./, `.${btoa('{"sub":"usr_x"}')}.`),
      'no signature': good.replace(/[^.]+$/, ''),
      'no token': 'x.y.z',
    };
    const answers = await Promise.all(
      Object.entries(tokens).map(async ([name, token]) => {
        const response = await call(`Bearer ${token}`, { 'x-request-id': 'r' });
        return [
          name,
          response.status,
          response.headers.get('www-authenticate'),
          await response.text(),
        ];
      }),
    );
    const none = await gateway.fetch('/api/orders', { headers: { 'x-request-id': 'r' } });
    const expected = [401, 'Bearer realm="flotilla"', await none.text()];
    for (const [name, ...answer] of answers) expect([name, ...answer]).toEqual([name, ...expected]);
    expect(await statusOf(good)).toBe(200);
  });

  it('is over at its expiry, although it was good before', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 2;
    const token = await issuer.token({ exp });
    expect(await statusOf(token)).toBe(200);
    await eventually(async () => (await statusOf(token)) === 401);
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000);
  });

  it('signed by a new key is good, and identity is asked for keys once a second at most', async () => {
    const next = await TestIssuer.create(PUBLIC_URL);
    published = [issuer.publicKey, next.publicKey];
    await eventually(async () => (await statusOf(await next.token())) === 200);
    const before = fetched;
    const strangers = await Promise.all([1, 2, 3].map(() => TestIssuer.create(PUBLIC_URL)));
    const started = performance.now();
    for (const stranger of strangers) expect(await statusOf(await stranger.token())).toBe(401);
    expect(fetched - before).toBeLessThanOrEqual(1 + (performance.now() - started) / 1_000);
  });
});

describe('an access token is over when', () => {
  const user = toId('usr', newUuid());
  it.each<[string, JWTPayload, RevocationEntry]>([
    ['it was revoked', { jti: 'j' }, { kind: 'token', id: 'j' }],
    ['its grant was withdrawn', { gid: 'g' }, { kind: 'grant', id: 'g' }],
    ['its session ended', { sid: 's' }, { kind: 'session', id: 's' }],
    ['its client is gone', { client_id: 'c' }, { kind: 'client', id: 'c' }],
    [
      'the credentials of its user changed',
      { sub: user, cv: 4 },
      { kind: 'user', id: user, lowestVersion: 5, disabled: false },
    ],
    [
      'its user was disabled',
      { sub: user, cv: 9 },
      { kind: 'user', id: user, lowestVersion: 5, disabled: true },
    ],
    [
      'the owner of its client was disabled',
      { sub: 'robot', owner: user, cv: 9 },
      { kind: 'user', id: user, lowestVersion: 5, disabled: true },
    ],
  ])('%s', async (_, claims, entry) => {
    const standing = { lowestVersion: 1, disabled: false };
    await gateway.feeds.identity.revoke({ kind: 'user', id: user, ...standing });
    const [token, other] = [await issuer.token(claims), await issuer.token()];
    await eventually(async () => (await statusOf(token)) === 200);
    await gateway.feeds.identity.revoke(entry);
    await eventually(async () => (await statusOf(token)) === 401);
    expect(await statusOf(other)).toBe(200);
  });
});

describe('without a lease of identity', () => {
  it('a token is 503, and good again with one', async () => {
    const token = await issuer.token();
    expect(await statusOf(token)).toBe(200);
    await gateway.feeds.identity.stopLeases();
    await eventually(async () => (await statusOf(token)) === 503);
    await gateway.feeds.identity.renewLeases();
    await eventually(async () => (await statusOf(token)) === 200);
  });
});

describe('a token that is bound to a key', () => {
  let client: ProvingClient;
  let token: string;
  beforeEach(async () => {
    client = await ProvingClient.create();
    token = await issuer.token({ cnf: { jkt: client.thumbprint } });
  });
  const prove = async (proof: string, of = token): Promise<number> =>
    (await call(`DPoP ${of}`, { dpop: proof })).status;

  it('is good with a proof, once', async () => {
    const proof = await client.proof(ADDRESS, token);
    expect(await prove(proof)).toBe(200);
    expect(await prove(proof)).toBe(401);
    expect(await prove(await client.proof(ADDRESS, token))).toBe(200);
  });

  it.each(CLIENT_KEY_ALGORITHMS)('takes a proof by a key that identity takes: %s', async (alg) => {
    client = await ProvingClient.create(alg);
    token = await issuer.token({ cnf: { jkt: client.thumbprint } });
    expect(await prove(await client.proof(ADDRESS, token))).toBe(200);
  });

  it('takes a proof of the address whatever its query and the way it is written', async () => {
    const htu = 'https://SHOP.example:443/api/x/../orders?a#b';
    expect(await prove(await client.proof(htu, token))).toBe(200);
  });

  it('is no Bearer token, nor good without a proof', async () => {
    expect(await statusOf(token)).toBe(401);
    expect((await call(`DPoP ${token}`)).status).toBe(401);
    expect((await call(`DPoP ${await issuer.token()}`)).status).toBe(401);
  });

  it.each<[string, JWTPayload, object]>([
    ['another method', { htm: 'POST' }, {}],
    ['another address', { htu: `${PUBLIC_URL}/api/products` }, {}],
    ['another server', { htu: 'https://evil.example/api/orders' }, {}],
    ['another token', { ath: 'x' }, {}],
    ['too old', { iat: Math.floor(Date.now() / 1_000) - 120 }, {}],
    ['of the future', { iat: Math.floor(Date.now() / 1_000) + 120 }, {}],
    ['without a name', { jti: undefined }, {}],
    ['another type', {}, { typ: 'JWT' }],
    ['without a key', {}, { jwk: undefined }],
  ])('is refused with a proof for what it is not: %s', async (_, claims, header) => {
    expect(await prove(await client.proof(ADDRESS, token, claims, header))).toBe(401);
  });

  it('is refused with a proof of another key', async () => {
    const thief = await ProvingClient.create();
    expect(await prove(await thief.proof(ADDRESS, token))).toBe(401);
  });
});
