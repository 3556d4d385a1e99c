import { type Actor, PERMISSIONS } from '@flotilla/contracts/actor';
import {
  AUDIT_TYPES,
  type AuditEventView,
  type AuditType,
  ListAuditEvents,
} from '@flotilla/contracts/audit';
import { type AccountView, ChangeRole, DisableUser, EraseUser } from '@flotilla/contracts/identity';
import { newUuid, toId } from '@flotilla/contracts/ids';
import {
  ChangeOAuthClient,
  IssueInitialAccessToken,
  RemoveOAuthClient,
  RotateOAuthClientSecret,
} from '@flotilla/contracts/oauth-clients';
import { ListGrants, WithdrawGrant } from '@flotilla/contracts/oauth-grants';
import { RotateSigningKeys } from '@flotilla/contracts/signing-keys';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditStage, DEVICE } from '../../test/audit-stage.js';
import { enrol } from '../../test/authenticator.js';
import { addPasskey, signInByPasskey } from '../../test/software-authenticator.js';
import {
  type IdentityUnderTest,
  identityUnderTest,
  PASSWORD,
} from '../../test/identity-under-test.js';
import { OAuthClient, signIn } from '../../test/oauth-client.js';

/** Somewhere else, as a gateway says it. */
const ADDRESS = '203.0.113.9';

type Entry = Partial<AuditEventView>;

let identity: IdentityUnderTest;
let admin: Actor;
let stage: AuditStage;

beforeAll(async () => {
  identity = await identityUnderTest();
  const { id: userId } = await identity.account('admin');
  const keyId = toId('key', newUuid());
  admin = { userId, keyId, clientId: 'docs', mode: 'live', permissions: PERMISSIONS };
  stage = new AuditStage(identity, { actor: admin, address: ADDRESS });
}, 60_000);
afterAll(() => identity.close());

/** How it is told what an administrator does, with a key, at an address, through a client. */
const byAdmin = (more: Entry = {}): Entry => ({
  actor: admin.userId,
  address: ADDRESS,
  clientId: 'docs',
  details: expect.objectContaining({ keyId: admin.keyId }) as never,
  outcome: 'success',
  ...more,
});

/** How it is told what people do themselves. */
const by = ({ id }: AccountView, more: Entry = {}): Entry => ({
  userId: id,
  actor: id,
  address: '127.0.0.1',
  outcome: 'success',
  ...more,
});

/** Each act, and the entry that is to be found of it. */
const ACTS: Record<AuditType, () => Promise<Entry>> = {
  'account.registered': async () => {
    const { id } = await identity.account();
    return { userId: id, actor: id, outcome: 'success' };
  },
  'account.role-changed': async () => {
    const { id: userId } = await identity.account();
    await stage.asAdmin(ChangeRole, { userId, role: 'staff' });
    return byAdmin({ userId, details: { role: 'staff', keyId: admin.keyId! } });
  },
  'account.disabled': async () => {
    const { id: userId } = await identity.account();
    await stage.asAdmin(DisableUser, { userId });
    return byAdmin({ userId });
  },
  'account.erased': async () => {
    const { id: userId } = await identity.account();
    await stage.asAdmin(EraseUser, { userId });
    return byAdmin({ userId });
  },
  'email.confirmed': async () => {
    const person = await identity.account();
    await stage.followLink(person, 'confirm-email', {});
    return by(person);
  },
  'sign-in.password': async () => {
    const person = await identity.account();
    const at = stage.browser();
    const page = await at.open('/account/sign-in');
    await at.submit(page, '/account/sign-in', { email: person.email, password: 'guessed it' });
    return by(person, { outcome: 'failure' });
  },
  'sign-in.completed': async () => by((await stage.signedIn()).person),
  'sign-in.second-factor': async () => {
    const { person, at, second, code } = await stage.halfSignedIn();
    await at.submit(second, '/account/second-factor', { code: code() });
    return by(person);
  },
  'sign-in.recovery-code': async () => {
    const { person, at, second, recoveryCodes } = await stage.halfSignedIn();
    await at.submit(second, '/account/second-factor', { code: recoveryCodes[0]! });
    return by(person);
  },
  'sign-in.passkey': async () => {
    const { person, at } = await stage.signedIn();
    await signInByPasskey(stage.browser(), await addPasskey(at));
    return by(person);
  },
  'sign-out': async () => {
    const { person, at } = await stage.signedIn();
    await at.submit(await at.open('/account'), '/account/sign-out', {});
    return by(person);
  },
  'password.reset-requested': async () => {
    // By whoever knows the address.
    const person = await identity.account();
    const at = stage.browser();
    const page = await at.open('/account/forgotten-password');
    await at.submit(page, '/account/forgotten-password', { email: person.email });
    return by(person, { actor: 'anonymous' });
  },
  'password.reset': async () => {
    const person = await identity.account();
    stage.secrets.add('another horse battery');
    await stage.followLink(person, 'reset-password', { password: 'another horse battery' });
    return by(person);
  },
  'second-factor.enrolled': async () => {
    const { person, at } = await stage.signedIn();
    await enrol(at);
    return by(person);
  },
  'second-factor.removed': async () => {
    const { person, own, code } = await stage.halfSignedIn();
    const page = await own.open('/account/two-factor');
    await own.submit(page, '/two-factor/change', { change: 'remove', code: code() });
    return by(person);
  },
  'recovery-codes.renewed': async () => {
    const { person, own, code } = await stage.halfSignedIn();
    const page = await own.open('/account/two-factor');
    await own.submit(page, '/two-factor/change', { change: 'renew', code: code() });
    return by(person);
  },
  'passkey.added': async () => {
    const { person, at } = await stage.signedIn();
    await addPasskey(at);
    return by(person);
  },
  'passkey.removed': async () => {
    const { person, at } = await stage.signedIn();
    const { id } = await addPasskey(at);
    const page = await at.open('/account/passkeys');
    await at.submit(page, '/account/passkeys/remove', { passkey: id });
    return by(person);
  },
  'session.ended': async () => {
    // A second factor ends the sessions that were begun without it.
    const { person, at } = await stage.signedIn();
    const other = stage.browser();
    const page = await other.open('/account/sign-in');
    await other.submit(page, '/account/sign-in', { email: person.email, password: PASSWORD });
    await enrol(at);
    return by(person);
  },
  'grant.given': async () => {
    const { clientId, person, at, consent } = await stage.asked();
    await at.submit(consent, '/consent', { decision: 'agree' });
    return by(person, { clientId });
  },
  'grant.refused': async () => {
    const { clientId, person, at, consent } = await stage.asked();
    await at.submit(consent, '/consent', { decision: 'deny' });
    return by(person, { clientId });
  },
  'grant.revoked': async () => {
    const client = await stage.shop();
    const { person } = await stage.tokensOf(client);
    const actor: Actor = { userId: person.id, mode: 'live', permissions: PERMISSIONS };
    const { data } = await identity.caller.rpc.call(ListGrants, {}, { actor });
    await identity.caller.rpc.call(WithdrawGrant, { grantId: data[0]!.id }, { actor });
    const { clientId } = client.registered;
    return { userId: person.id, actor: person.id, clientId, outcome: 'success' };
  },
  'device.connected': async () => {
    const { client, person, at, confirm } = await stage.deviceShown();
    await signIn(at, await at.submit(confirm, '/device/verify', {}), person.email);
    return by(person, { clientId: client.registered.clientId });
  },
  'device.refused': async () => {
    const { person, at, confirm } = await stage.deviceShown();
    const page = await at.submit(confirm, '/device/verify', { abort: 'yes' });
    expect(page.html).toContain('Not connected');
    return by(person);
  },
  'token.issued': async () => {
    const client = await stage.shop();
    const { person, refresh } = await stage.tokensOf(client);
    const refreshed = await client.refresh(refresh);
    stage.secrets.add(refreshed.body.refresh_token!);
    const { clientId } = client.registered;
    return by(person, { clientId, details: { grantType: 'refresh_token' } });
  },
  'token.revoked': async () => {
    const client = await stage.shop();
    const { refresh } = await stage.tokensOf(client);
    await client.post('revoke', { token: refresh });
    const { clientId } = client.registered;
    return { actor: clientId, clientId, address: '127.0.0.1', outcome: 'success' };
  },
  'token.reused': async () => {
    const client = await stage.shop();
    const { person, refresh } = await stage.tokensOf(client);
    await client.refresh(refresh);
    await client.refresh(refresh);
    return reuse(client, person, 'refresh_token');
  },
  'client.authentication': async () => {
    const { registered } = await stage.shop();
    await wrongly(registered).post('token', { grant_type: 'client_credentials' });
    return refusalOf(registered);
  },
  'client.registration-allowed': async () => {
    const { token } = await stage.asAdmin(IssueInitialAccessToken, {});
    stage.secrets.add(token);
    return byAdmin();
  },
  'client.created': async () => {
    const owner = await identity.account('staff');
    const { clientId } = await identity.client({}, owner);
    return { actor: owner.id, clientId, outcome: 'success' };
  },
  'client.changed': async () => {
    const { clientId } = (await stage.shop()).registered;
    await stage.asAdmin(ChangeOAuthClient, { clientId, changes: { clientName: 'Market' } });
    return byAdmin({ clientId });
  },
  'client.secret-rotated': async () => {
    const { clientId } = (await stage.shop()).registered;
    const { clientSecret } = await stage.asAdmin(RotateOAuthClientSecret, { clientId });
    stage.secrets.add(clientSecret!);
    return byAdmin({ clientId });
  },
  'client.deleted': async () => {
    const { clientId } = (await stage.shop()).registered;
    await stage.asAdmin(RemoveOAuthClient, { clientId });
    return byAdmin({ clientId });
  },
  'signing-keys.rotated': async () => {
    const { kid } = await identity.caller.rpc.call(RotateSigningKeys, {});
    return { actor: 'system', outcome: 'success', details: { kid } };
  },
};

const wrongly = ({ clientId }: OAuthClient['registered']) =>
  new OAuthClient(identity.urls[0]!, { clientId, clientSecret: 'guessed it' });

/** Nobody is taken for a client who has not proved to be it. */
const refusalOf = ({ clientId }: OAuthClient['registered']): Entry => ({
  actor: 'anonymous',
  clientId,
  userId: null,
  address: '127.0.0.1',
  outcome: 'failure',
});

/** The client showed it, and its user's grant is over. */
const reuse = (client: OAuthClient, person: AccountView, grantType: string): Entry => ({
  userId: person.id,
  actor: client.registered.clientId,
  clientId: client.registered.clientId,
  address: '127.0.0.1',
  outcome: 'failure',
  details: { error: 'invalid_grant', grantType },
});

async function newest(type: AuditType): Promise<AuditEventView[]> {
  return (await identity.caller.rpc.call(ListAuditEvents, { type })).data;
}

describe('the trail tells of every act by whom, from where, through which client, and how it ended:', () => {
  it.each(AUDIT_TYPES)('%s', async (type) => {
    const entry = await ACTS[type]();
    expect((await newest(type))[0]).toMatchObject({ type, ...entry });
  });
});

describe('what a client shows again', () => {
  it('is told of once for each that was too late, of ten who redeem a code at the same time', async () => {
    const client = await stage.shop();
    const person = await identity.account();
    const code = await client.authorize(person.email);
    await Promise.all(Array.from({ length: 10 }, () => client.redeem(code)));
    const { data } = await identity.caller.rpc.call(ListAuditEvents, { userId: person.id });
    const told = data.filter(({ type }) => type === 'token.reused');
    expect(told.length).toBeGreaterThan(0);
    expect(told[0]).toMatchObject(reuse(client, person, 'authorization_code'));
  });
});

describe('a client that does not prove who it is', () => {
  it.each(['token', 'introspect', 'revoke', 'par', 'device'])(
    'is told of at /oauth/%s, whatever it takes for an answer',
    async (endpoint) => {
      const { registered } = await stage.shop();
      const client = wrongly(registered);
      for (const accept of ['application/json', 'text/html']) {
        const headers = { ...client.basic(), accept };
        const form = { grant_type: 'client_credentials', token: 'none', scope: 'openid' };
        expect((await client.post(endpoint, form, headers)).status).toBe(401);
      }
      const told = await newest('client.authentication');
      expect(told.slice(0, 2)).toMatchObject([refusalOf(registered), refusalOf(registered)]);
    },
  );
});

it('a device that waits is not told of', async () => {
  const client = await stage.shop({ grantTypes: [DEVICE], redirectUris: [] });
  const { body } = await client.post('device', { scope: 'openid' });
  const form = { grant_type: DEVICE, device_code: body.device_code! };
  expect((await client.post('token', form)).body.error).toBe('authorization_pending');
  const [last] = await newest('token.issued');
  expect(last?.clientId).not.toBe(client.registered.clientId);
});

it('no secret of all these acts is in the trail', async () => {
  const { rows } = await identity.database
    .pool()
    .query<{ text: string }>('SELECT events::text AS text FROM audit.events AS events');
  const trail = rows.map(({ text }) => text).join('\n');
  expect(stage.secrets.size).toBeGreaterThan(60);
  for (const secret of stage.secrets) expect(trail.includes(secret)).toBe(false);
  expect(trail).not.toContain('@flotilla.example');
});
