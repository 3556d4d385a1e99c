import { IssueEmailLink } from '@flotilla/contracts/mail';
import type { GrantView } from '@flotilla/contracts/oauth-grants';
import type { Page } from '@flotilla/contracts/pages';
import { RotateSigningKeys } from '@flotilla/contracts/signing-keys';
import { Browser } from '@flotilla/testing/browser';
import { eventually } from '@flotilla/testing/eventually';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { HttpClient } from '@flotilla/testing/http-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as openid from 'openid-client';
import { Operator } from '../src/operator.js';
import { Person } from './oauth/person.js';
import { type RegisteredClient, registerClient, SIGNED_OUT } from './oauth/registered-client.js';
import { agree, redeem, signIn, type SignedIn } from './oauth/signed-in.js';

const SCOPES = ['openid', 'orders:read', 'users:read', 'users:write', 'inventory:read'];

const OFFLINE = [...SCOPES, 'offline_access'].join(' ');
/** Acts for itself. */
const ROBOT = { grantTypes: ['client_credentials'], redirectUris: [], scopes: ['orders:read'] };
const ATTEMPTS = 20;
/** On a busy machine some requests find no time, or no lease: that is no refusal. */
const LATE = [503, 504];

let fleet: TestFleet;
let site: string;
let operator: Operator;
let client: RegisteredClient;
let gateways: string[];

beforeAll(async () => {
  fleet = await testFleet({
    args: ['--replicas', 'gateway=3,identity=2'],
    env: { SIGNING_KEY_LEAD_MS: '2000' },
  });
  const file = fleet.file();
  [site, gateways] = [file.url, file.gateways];
  operator = await Operator.connect(file.natsUrl);
  client = await registerClient(fleet.client, { scopes: [...SCOPES, 'offline_access'] });
}, 150_000);
afterAll(async () => {
  await operator?.close();
  await fleet?.stop();
});

/** What each gateway makes of a token; on a busy machine one that finds no time, or no lease, is asked again. */
function answersTo({ accessToken }: Pick<SignedIn, 'accessToken'>): Promise<number[]> {
  const authorization = `Bearer ${accessToken}`;
  return Promise.all(
    gateways.map((gateway) =>
      eventually(async () => {
        const { status } = await new HttpClient(gateway, { authorization }).get('/api/orders');
        return status < 500 && status;
      }),
    ),
  );
}

/** What ends a token, and is answered when it has. */
const ENDINGS: Record<string, (given: SignedIn, person: Person) => Promise<unknown>> = {
  'it is revoked': ({ config, accessToken }) => openid.tokenRevocation(config, accessToken),
  'its grant is withdrawn': async ({ accessToken }) => {
    const me = new HttpClient(site, { authorization: `Bearer ${accessToken}` });
    const { body } = await me.get<Page<GrantView>>('/api/users/me/grants');
    expect(await me.request('DELETE', `/api/users/me/grants/${body.data[0]!.id}`)).toMatchObject({
      status: 204,
    });
  },
  'its session ends': ({ config, idToken }, person) => {
    const address = openid.buildEndSessionUrl(config, {
      post_logout_redirect_uri: SIGNED_OUT,
      id_token_hint: idToken,
    });
    return person.follow(address);
  },
  'the password is replaced': async (_, { id }) => {
    const { url } = await operator.call(IssueEmailLink, { userId: id, purpose: 'reset-password' });
    const browser = new Browser(site);
    const password = 'another horse battery';
    const page = await browser.open(url);
    const done = await browser.submit(page, '/account/reset-password', { password });
    expect(done.html).toContain('Your new password is set');
  },
  'its user is disabled': async (_, { id }) => {
    const answer = await fleet.client.post(`/api/users/${id}/disable`, undefined);
    expect(answer.status).toBe(200);
  },
  'the role of its user is lowered': async (_, { id }) => {
    expect((await roleOf(id, 'customer')).status).toBe(200);
  },
};

const roleOf = (id: string, role: string) =>
  fleet.client.request('PATCH', `/api/users/${id}`, { body: { role } });

describe('an access token is refused by every gateway, from the answer on, when', () => {
  it.each(Object.keys(ENDINGS))('%s', async (ending) => {
    const person = await Person.register(site);
    await roleOf(person.id, 'staff');
    const given = await signIn(site, person, client, SCOPES.join(' '));
    expect(await answersTo(given)).toEqual([200, 200, 200]);
    await ENDINGS[ending]!(given, person);
    expect(await answersTo(given)).toEqual([401, 401, 401]);
  });
});

describe('of 20 who come with the same to two processes of identity at once, one succeeds', () => {
  /** Has a client's request sent that often, to each process in turn; what it is given by the one, and how the others end. */
  async function atOnce<Given>(
    config: openid.Configuration,
    request: () => Promise<Given>,
  ): Promise<{ given: Given; refused: unknown[] }> {
    const ports = fleet
      .file()
      .processes.flatMap(({ service, port }) => (service === 'identity' ? [port] : []));
    const answers: { ok: boolean; status: number; body: unknown }[] = [];
    config[openid.customFetch] = async (address, { method, headers, body }) => {
      const { pathname } = new URL(address);
      const attempts = Array.from({ length: ATTEMPTS }, async (_, index) => {
        const place = `http://127.0.0.1:${ports[index % ports.length]}${pathname}`;
        const answer = await fetch(place, { method, headers, body: body as URLSearchParams });
        answers.push({ ok: answer.ok, status: answer.status, body: await answer.json() });
      });
      await Promise.all(attempts);
      const { body: given, status } = answers.find(({ ok }) => ok) ?? answers[0]!;
      return Response.json(given, { status });
    };
    const given = await request();
    config[openid.customFetch] = (address, options) => fetch(address, options as RequestInit);
    const refused = answers.filter(({ ok }) => !ok).map(({ status, body }) => [status, body]);
    expect([ports.length, answers.length - refused.length]).toEqual([2, 1]);
    return { given, refused };
  }
  const all = (status: number, error: string) =>
    Array.from({ length: ATTEMPTS - 1 }, () => [status, expect.objectContaining({ error })]);

  it('with a code, and its grant is over', async () => {
    const person = await Person.register(site);
    const agreed = await agree(site, person, client, OFFLINE);
    const { given, refused } = await atOnce(agreed.config, () => redeem(agreed));
    expect(refused).toEqual(all(400, 'invalid_grant'));
    expect(await answersTo(given)).toEqual([401, 401, 401]);
    const renewed = openid.refreshTokenGrant(given.config, given.refreshToken);
    await expect(renewed).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('with a refresh token, and its family is over', async () => {
    const person = await Person.register(site);
    const first = await signIn(site, person, client, OFFLINE);
    const renew = (refreshToken: string) => openid.refreshTokenGrant(first.config, refreshToken);
    const { given, refused } = await atOnce(first.config, () => renew(first.refreshToken));
    expect(refused).toEqual(all(400, 'invalid_grant'));
    const renewed = renew(given.refresh_token!);
    await expect(renewed).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await answersTo(first)).toEqual([401, 401, 401]);
  });

  const discover = (id: string, secret?: string, proof?: openid.ClientAuth) =>
    openid.discovery(new URL(site), id, secret, proof, {
      execute: [openid.allowInsecureRequests],
    });

  it('with a DPoP proof', async () => {
    const { id, secret } = await registerClient(fleet.client, ROBOT);
    const config = await discover(id, secret);
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'));
    const grant = () => openid.clientCredentialsGrant(config, {}, { DPoP });
    expect((await atOnce(config, grant)).refused).toEqual(all(400, 'invalid_grant'));
  });

  it('with a client assertion', async () => {
    const { privateKey, publicKey } = await openid.randomDPoPKeyPair('ES256');
    const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'a', use: 'sig' };
    const { id } = await registerClient(fleet.client, {
      ...ROBOT,
      tokenEndpointAuthMethod: 'private_key_jwt',
      jwks: { keys: [jwk] },
    });
    const config = await discover(
      id,
      undefined,
      openid.PrivateKeyJwt({ key: privateKey, kid: 'a' }),
    );
    const grant = () => openid.clientCredentialsGrant(config);
    expect((await atOnce(config, grant)).refused).toEqual(all(401, 'invalid_client'));
  });
});

describe('signing keys', () => {
  it('rotate three times under load without a failed request at any gateway, and what was signed before holds', async () => {
    const { id, secret } = await registerClient(fleet.client, ROBOT);
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const failures: unknown[] = [];
    /** A token of a gateway; undefined when it found no time for it. */
    const tokenOf = async (gateway: string): Promise<string | undefined> => {
      const answer = await fetch(`${gateway}/oauth/token`, {
        method: 'POST',
        headers: { authorization: basic },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      const body = (await answer.json()) as { access_token?: string };
      if (!answer.ok && !LATE.includes(answer.status)) failures.push([answer.status, body]);
      return body.access_token;
    };
    const use = async (gateway: string, token: string): Promise<void> => {
      const authorization = `Bearer ${token}`;
      const { status, body } = await new HttpClient(gateway, { authorization }).get('/api/orders');
      if (status !== 200 && !LATE.includes(status)) failures.push([status, body]);
    };
    const signers = new Map<string, string>();
    let isOver = false;
    const workers = gateways.map(async (gateway) => {
      while (!isOver) {
        const token = await tokenOf(gateway);
        if (!token) continue;
        const header = Buffer.from(token.split('.')[0]!, 'base64url').toString();
        signers.set((JSON.parse(header) as { kid: string }).kid, token);
        // Not the one that handed it out alone: the others have to know its key too.
        for (const other of gateways) await use(other, token);
      }
    });
    try {
      await eventually(() => signers.size === 1);
      for (let round = 0; round < 3; round += 1) {
        const { kid } = await operator.call(RotateSigningKeys, {});
        await eventually(() => signers.has(kid), { timeoutMs: 60_000 });
      }
    } finally {
      isOver = true;
      await Promise.all(workers);
    }
    expect(failures).toEqual([]);
    expect(signers.size).toBe(4);
    for (const accessToken of signers.values())
      expect(await answersTo({ accessToken })).toEqual([200, 200, 200]);
  });
});
