import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GetSigningKeys, RotateSigningKeys } from '@flotilla/contracts/signing-keys';
import { eventually } from '@flotilla/testing/eventually';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import {
  type IdentityUnderTest,
  identityUnderTest,
  ISSUER,
} from '../../test/identity-under-test.js';
import { OAuthClient } from '../../test/oauth-client.js';

const LEAD_MS = 1_500;

let identity: IdentityUnderTest;

beforeAll(async () => {
  identity = await identityUnderTest({
    replicas: 3,
    env: { SIGNING_KEY_LEAD_MS: String(LEAD_MS) },
  });
});
afterAll(() => identity.close());

const published = async () => (await identity.caller.rpc.call(GetSigningKeys, {})).keys;
const rotate = () => identity.caller.rpc.call(RotateSigningKeys, {});

async function robot(): Promise<OAuthClient> {
  const client = { grantTypes: ['client_credentials' as const], scopes: ['orders:read' as const] };
  return new OAuthClient(identity.urls[0]!, await identity.client(client));
}

async function tokenOf(client: OAuthClient): Promise<string> {
  const { status, body } = await client.post('token', { grant_type: 'client_credentials' });
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body.access_token!;
}

describe('signing keys', () => {
  it('are made once, however many replicas start at the same time, and shown without their private part', async () => {
    const keys = await published();
    expect(keys).toEqual([
      {
        kty: 'EC',
        crv: 'P-256',
        alg: 'ES256',
        use: 'sig',
        kid: expect.any(String),
        x: expect.any(String),
        y: expect.any(String),
      },
    ]);
    for (const url of identity.urls) {
      const response = await fetch(`${url}/oauth/jwks`);
      expect(response.headers.get('cache-control')).toBe('public, max-age=60');
      const { keys: shown } = (await response.json()) as { keys: object[] };
      expect(shown).toEqual(keys);
    }
  });

  it('are published before they sign', async () => {
    const client = await robot();
    const [before] = await published();
    const { kid, signsFrom } = await rotate();
    const token = await tokenOf(client);
    if (Date.now() < Date.parse(signsFrom)) {
      expect(decodeProtectedHeader(token).kid).toBe(before!.kid);
      expect((await published()).map((key) => key.kid)).toContain(kid);
    }
    await eventually(async () => decodeProtectedHeader(await tokenOf(client)).kid === kid);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(signsFrom) - 50);
    expect((await published()).map((key) => key.kid)).toEqual([kid, before!.kid]);
  });

  it('rotate three times under load without a failed request or a token that does not verify', async () => {
    const client = await robot();
    const cached = createRemoteJWKSet(new URL(`${identity.urls[1]!}/oauth/jwks`), {
      // Far shorter than the lead, as the cache time that we tell is against the default lead.
      cacheMaxAge: 500,
      cooldownDuration: 0,
    });
    let stop = false;
    const signers = new Set<string>();
    const failures: unknown[] = [];
    let requests = 0;
    const load = Array.from({ length: 4 }, async (_, worker) => {
      const replica = client.at(identity.urls[worker % identity.urls.length]!);
      while (!stop) {
        requests += 1;
        try {
          const token = await tokenOf(replica);
          signers.add(decodeProtectedHeader(token).kid!);
          await jwtVerify(token, cached, { issuer: ISSUER, audience: `${ISSUER}/api` });
        } catch (error) {
          failures.push(error);
        }
        await sleep(5);
      }
    });
    const kids: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { kid } = await rotate();
      kids.push(kid);
      await eventually(() => signers.has(kid));
    }
    await eventually(() => requests > 100, { timeoutMs: 20_000 });
    stop = true;
    await Promise.all(load);
    expect(failures).toEqual([]);
    expect([...signers]).toEqual(expect.arrayContaining(kids));
  });
});
