import { hash } from 'node:crypto';
import { ListAuditEvents } from '@flotilla/contracts/audit';
import { DisableUser, EraseUser } from '@flotilla/contracts/identity';
import { PERMISSIONS } from '@flotilla/contracts/actor';
import { Browser, type Visited } from '@flotilla/testing/browser';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type IdentityUnderTest,
  identityUnderTest,
  ISSUER,
  PASSWORD,
} from '../../test/identity-under-test.js';
import { claimsOf, OAuthClient } from '../../test/oauth-client.js';
import { addPasskey, assertionFor, signInByPasskey } from '../../test/software-authenticator.js';
import { ATTEMPT_POLICIES } from '../abuse/attempt-policy.js';

const VERIFIER = 'v'.repeat(43);
const PKCE = {
  code_challenge: hash('sha256', VERIFIER, 'base64url'),
  code_challenge_method: 'S256',
};

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());

const browser = () => new Browser(identity.urls[0]!, ISSUER);
const isSignedIn = ({ url, status }: Visited) => url.pathname === '/account' && status === 200;

async function withPasskey() {
  const account = await identity.account();
  const at = browser();
  const page = await at.open('/account/sign-in');
  await at.submit(page, '/account/sign-in', { email: account.email, password: PASSWORD });
  return { account, at, device: await addPasskey(at) };
}

describe('a passkey', () => {
  it('signs in to the account, which is told of', async () => {
    const { account, device } = await withPasskey();
    expect(isSignedIn(await signInByPasskey(browser(), device))).toBe(true);
    const { data } = await identity.caller.rpc.call(ListAuditEvents, { userId: account.id });
    expect(data.map(({ type, outcome }) => `${type} ${outcome}`).slice(0, 2)).toEqual([
      'sign-in.completed success',
      'sign-in.passkey success',
    ]);
  });

  it('goes on with an authorization request, and is as good as a second factor', async () => {
    const { device } = await withPasskey();
    const client = new OAuthClient(identity.urls[0]!, await identity.client());
    const at = browser();
    const page = await at.open(client.authorizeUrl({ ...PKCE, acr_values: 'mfa' }));
    const consent = await signInByPasskey(at, device, page);
    const { url } = await at.submit(consent, '/consent', { decision: 'agree' });
    const { body } = await client.redeem({
      code: url.searchParams.get('code')!,
      verifier: VERIFIER,
    });
    expect(claimsOf(body.id_token!)).toMatchObject({ acr: 'mfa', amr: ['hwk', 'user', 'mfa'] });
  });

  it('is worth nothing in another browser than it was asked for in, nor twice', async () => {
    const { device } = await withPasskey();
    const [own, other] = [browser(), browser()];
    const [page, elsewhere] = [
      await own.open('/account/sign-in'),
      await other.open('/account/sign-in'),
    ];
    const response = assertionFor(page, device);
    expect((await other.submit(elsewhere, '/passkey', { response })).status).toBe(401);
    expect(isSignedIn(await own.submit(page, '/passkey', { response }))).toBe(true);
    expect((await own.submit(page, '/passkey', { response })).status).toBe(401);
  });

  it('lets nobody in whose account is disabled or erased', async () => {
    const admin = await identity.account('admin');
    const actor = { userId: admin.id, mode: 'live', permissions: PERMISSIONS } as const;
    for (const operation of [DisableUser, EraseUser]) {
      const { account, device } = await withPasskey();
      await identity.caller.rpc.call(operation, { userId: account.id }, { actor });
      expect((await signInByPasskey(browser(), device)).status).toBe(401);
    }
  });

  it('is guessed at no more often than the gate lets one address', async () => {
    const at = browser();
    const page = await at.open('/account/sign-in');
    const statuses: number[] = [];
    for (let count = 0; count <= ATTEMPT_POLICIES.address.burst; count += 1)
      statuses.push((await at.submit(page, '/passkey', { response: '{}' })).status);
    expect(statuses).toContain(401);
    expect(statuses.at(-1)).toBe(429);
  });
});
