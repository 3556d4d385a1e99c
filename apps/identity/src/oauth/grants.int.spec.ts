import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Actor, PERMISSIONS } from '@flotilla/contracts/actor';
import type { Id } from '@flotilla/contracts/ids';
import { ListGrants, WithdrawGrant } from '@flotilla/contracts/oauth-grants';
import { type IdentityUnderTest, identityUnderTest } from '../../test/identity-under-test.js';
import { claimsOf, OAuthClient } from '../../test/oauth-client.js';

let identity: IdentityUnderTest;

beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());

const as = (userId: Id<'usr'>): { actor: Actor } => ({
  actor: { userId, mode: 'live', permissions: PERMISSIONS },
});

it('a consent is seen and withdrawn by whoever gave it, and by nobody else', async () => {
  const client = new OAuthClient(identity.urls[0]!, await identity.client());
  const [person, other] = [await identity.account(), await identity.account()];
  const { body } = await client.redeem(await client.authorize(person.email));
  const { gid: grantId } = claimsOf(body.access_token!) as { gid: string };

  const { rpc } = identity.caller;
  const { data } = await rpc.call(ListGrants, {}, as(person.id));
  expect(data).toEqual([
    {
      id: grantId,
      clientId: client.registered.clientId,
      clientName: 'Shop',
      scopes: ['openid', 'email', 'offline_access', 'orders:read'],
      createdAt: expect.any(String),
      expiresAt: expect.any(String),
    },
  ]);
  expect((await rpc.call(ListGrants, {}, as(other.id))).data).toEqual([]);
  const missing = { code: 'not-found' };
  await expect(rpc.call(WithdrawGrant, { grantId }, as(other.id))).rejects.toMatchObject(missing);

  await rpc.call(WithdrawGrant, { grantId }, as(person.id));
  expect((await rpc.call(ListGrants, {}, as(person.id))).data).toEqual([]);
  await expect(rpc.call(WithdrawGrant, { grantId }, as(person.id))).rejects.toMatchObject(missing);
  expect(await client.refresh(body.refresh_token!)).toMatchObject({
    body: { error: 'invalid_grant' },
  });
  const told = await identity.database
    .pool()
    .query<{ entry: object }>("SELECT * FROM revocations WHERE entry->>'kind' = 'grant'");
  expect(told.rows.map(({ entry }) => entry)).toEqual([{ kind: 'grant', id: grantId }]);
});
