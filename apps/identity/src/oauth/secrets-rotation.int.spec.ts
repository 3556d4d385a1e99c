import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor, PERMISSIONS } from '@flotilla/contracts/actor';
import { type Id, toUuid } from '@flotilla/contracts/ids';
import type { AccountView } from '@flotilla/contracts/identity';
import { ChangeOAuthClient, RotateOAuthClientSecret } from '@flotilla/contracts/oauth-clients';
import { Browser } from '@flotilla/testing/browser';
import { eventually } from '@flotilla/testing/eventually';
import {
  type IdentityUnderTest,
  identityUnderTest,
  ISSUER,
  PASSWORD,
} from '../../test/identity-under-test.js';
import { openStore } from '../../test/identity-store.js';
import { OAuthClient } from '../../test/oauth-client.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { Sealing } from '../sealing.js';

const PKCE = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await identityUnderTest();
}, 60_000);
afterAll(() => identity.close());

async function robot(): Promise<OAuthClient> {
  const registered = await identity.client({
    grantTypes: ['client_credentials'],
    scopes: ['orders:read'],
  });
  return new OAuthClient(identity.urls[0]!, registered);
}

async function rotate({ registered }: OAuthClient, overlapSeconds: number): Promise<OAuthClient> {
  const { clientId } = registered;
  const { id: userId } = await identity.account('staff');
  const actor: Actor = { userId, mode: 'live', permissions: PERMISSIONS };
  const { clientSecret } = await identity.caller.rpc.call(
    RotateOAuthClientSecret,
    { clientId, overlapSeconds },
    { actor, timeoutMs: 10_000 },
  );
  return new OAuthClient(identity.urls[0]!, { clientId, clientSecret });
}

const statusOf = async (client: OAuthClient) =>
  (await client.post('token', { grant_type: 'client_credentials' })).status;

/** As if the overlap had gone by: it is the database's clock that tells. */
const endOverlap = ({ registered: { clientId } }: OAuthClient) =>
  identity.database
    .pool()
    .query('UPDATE oauth_clients SET earlier_secret_until = now() WHERE id = $1', [
      toUuid('cli', clientId),
    ]);

describe("a client's secret", () => {
  it('of before works for the overlap and no longer, the new one at once', async () => {
    const before = await robot();
    const after = await rotate(before, 3_600);
    expect([await statusOf(before), await statusOf(after)]).toEqual([200, 200]);
    await endOverlap(before);
    expect([await statusOf(before), await statusOf(after)]).toEqual([401, 200]);
  });

  it('is for nobody to replace, or to do without, who may do less than the owner of the client', async () => {
    const [admin, staff] = [await identity.account('admin'), await identity.account('staff')];
    const body = { grantTypes: ['client_credentials' as const], scopes: ['users:admin' as const] };
    const { clientId } = await identity.client(body, admin);
    const as = ({ id: userId }: AccountView) => ({
      actor: { userId, mode: 'live', permissions: PERMISSIONS } as const,
      timeoutMs: 10_000,
    });
    const refusal = { code: 'insufficient-permission', details: { permission: 'users:admin' } };
    const changes = { tokenEndpointAuthMethod: 'none' as const };
    const { rpc } = identity.caller;
    for (const attempt of [
      rpc.call(RotateOAuthClientSecret, { clientId }, as(staff)),
      rpc.call(ChangeOAuthClient, { clientId, changes }, as(staff)),
    ])
      await expect(attempt).rejects.toMatchObject(refusal);
    expect(await rpc.call(RotateOAuthClientSecret, { clientId }, as(admin))).toMatchObject({
      tokenEndpointAuthMethod: 'client_secret_basic',
      clientSecret: expect.any(String),
    });
  });

  it('without an overlap ends when the rotation is answered; of three the first is over in any case', async () => {
    const first = await robot();
    const second = await rotate(first, 0);
    expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200]);
    const third = await rotate(second, 3_600);
    const fourth = await rotate(third, 3_600);
    const all = await Promise.all([second, third, fourth].map(statusOf));
    expect(all).toEqual([401, 200, 200]);
  });

  it('rotates under load without a failed request', async () => {
    let current = await robot();
    let stop = false;
    const failures: unknown[] = [];
    let requests = 0;
    const load = Array.from({ length: 4 }, async () => {
      while (!stop) {
        // Whoever has read the secret before it was rotated uses it a moment later.
        const read = current;
        await sleep(5);
        const status = await statusOf(read);
        requests += 1;
        if (status !== 200 && status !== 503) failures.push(status);
      }
    });
    for (let round = 0; round < 3; round += 1) {
      const before = requests;
      current = await rotate(current, 3_600);
      while (requests < before + 20) await sleep(10);
    }
    stop = true;
    await Promise.all(load);
    expect(failures).toEqual([]);
  }, 60_000);
});

describe('another sealing key', () => {
  /** The first bytes of what is sealed, which tell by which key. */
  const sealedBy = async () => {
    const { rows } = await identity.database.pool().query<{ key: string }>(
      `SELECT DISTINCT encode(substring(sealed FROM 1 FOR 4), 'hex') AS key FROM (
         SELECT payload FROM oauth_records UNION ALL SELECT private_key FROM signing_keys
         UNION ALL SELECT sealed_secret FROM second_factors) AS all_there_is (sealed) WHERE sealed <> ''`,
    );
    return rows.map(({ key }) => key);
  };

  /** The secret of an app that somebody is setting up, as a process with this key finds or makes it. */
  async function appSecret(userId: Id<'usr'>, sealingKey: string): Promise<Buffer> {
    const store = await openStore(identity.database.url);
    const sealing = new Sealing([Buffer.from(sealingKey, 'base64url')]);
    try {
      const factors = new SecondFactors(store.database, sealing, store.clock);
      return await factors.begin(toUuid('usr', userId));
    } finally {
      await store.close();
    }
  }

  it('in front of the one of before seals all there is anew, so that the one of before can go and nothing is lost', async () => {
    const before = identity.sealingKeys;
    const after = randomBytes(32).toString('base64url');
    const registered = await identity.client();
    const client = new OAuthClient(identity.urls[0]!, registered);
    const [{ email }, { id }] = [await identity.account(), await identity.account()];
    const at = new Browser(identity.urls[0]!, ISSUER);
    const code = await client.authorize(email, {}, at);
    const { body } = await client.redeem(await client.authorize(email));
    const known = { token: body.access_token! };
    const secret = await appSecret(id, before);
    const earlier = await sealedBy();
    expect(earlier).toHaveLength(1);

    await identity.restart({ SEALING_KEYS: `${after},${before}` });
    await eventually(async () => (await sealedBy()).every((key) => !earlier.includes(key)));
    const session = at.movedTo(identity.urls[0]!);
    expect((await session.open('/account')).url.pathname).toBe('/account');

    await identity.restart({ SEALING_KEYS: after });
    const later = client.at(identity.urls[0]!);
    expect((await later.redeem(code)).status).toBe(200);
    expect((await later.refresh(body.refresh_token!)).status).toBe(200);
    expect((await later.post('introspect', known)).body.active).toBe(true);
    expect(await appSecret(id, after)).toEqual(secret);
  }, 120_000);

  it('alone opens nothing of before: it is as if it were not there, and people begin anew', async () => {
    const registered = await identity.client();
    const client = new OAuthClient(identity.urls[0]!, registered);
    const { email } = await identity.account();
    const { body } = await client.redeem(await client.authorize(email));
    await identity.database.pool().query('DELETE FROM signing_keys');
    await identity.restart({ SEALING_KEYS: randomBytes(32).toString('base64url') });
    const last = client.at(identity.urls[0]!);
    expect((await last.refresh(body.refresh_token!)).body.error).toBe('invalid_grant');
    const anew = new Browser(identity.urls[0]!, ISSUER);
    const page = await anew.open(client.authorizeUrl(PKCE));
    const consent = await anew.submit(page, '/sign-in', { email, password: PASSWORD });
    expect([page.status, consent.status]).toEqual([200, 200]);
    expect((await last.redeem(await last.authorize(email))).status).toBe(200);
  }, 120_000);
});
