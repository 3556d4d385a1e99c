import { randomBytes } from 'node:crypto';
import { toId } from '@flotilla/contracts/ids';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type IdentityStore, openStore } from '../../test/identity-store.js';
import { SoftwareAuthenticator } from '../../test/software-authenticator.js';
import { migrations } from '../migrations.js';
import type { AccountState } from '../oauth/account-states.js';
import { OAuthRecords } from '../oauth/oauth-records.js';
import { Sealing } from '../sealing.js';
import { AuditLog } from '../audit/audit-log.js';
import { ManagePasskeys } from '../sign-in/manage-passkeys.js';
import { CHALLENGE_MS, PasskeyChallenges } from './passkey-challenges.js';
import { MOST_PASSKEYS, Passkeys } from './passkeys.js';

const ISSUER = 'https://flotilla.example';
const PLACE = 'the sign-in page of a browser';

let test: TestDatabase;
let store: IdentityStore;
let passkeys: Passkeys;
let account: string;
let device: SoftwareAuthenticator;

beforeAll(async () => {
  test = await testDatabase(migrations);
  store = await openStore(test.url);
  const { database, clock } = store;
  const sealing = new Sealing([randomBytes(32)]);
  const records = new OAuthRecords(database, sealing, undefined as never);
  const challenges = new PasskeyChallenges(sealing, records, clock);
  passkeys = new Passkeys(database, challenges, clock, { issuer: ISSUER });
});
beforeEach(async () => {
  account = await store.account();
  device = new SoftwareAuthenticator(ISSUER);
  expect(await add(device)).toBe(true);
});
afterAll(async () => {
  await store.close();
  await test.drop();
});

type Conduct = Parameters<SoftwareAuthenticator['create']>[1];

const person = (): AccountState => ({
  id: toId('usr', account),
  email: 'ada@flotilla.example',
  emailVerified: true,
  credentialVersion: 1,
  permissions: [],
});

async function creation(conduct?: Conduct, by = device): Promise<string> {
  return by.create(await passkeys.creationOptions(person(), PLACE), conduct);
}

async function take(answer: string, place = PLACE): Promise<boolean> {
  const passkey = await passkeys.verifyNew(place, answer);
  return passkey !== null && (await passkeys.add(store.database, account, 'laptop', passkey));
}

const add = async (by: SoftwareAuthenticator, conduct?: Conduct) =>
  take(await creation(conduct, by));
const assertion = (conduct?: Conduct) => device.get(passkeys.requestOptions(PLACE), conduct);
const nothing = () => ({ accountId: account, key: null });

describe('a new passkey', () => {
  it('is listed, and not offered to the same authenticator again', async () => {
    expect(await passkeys.list(account)).toEqual([
      { id: device.id, name: 'laptop', createdAt: store.clock.now(), lastUsedAt: null },
    ]);
    const { excludeCredentials } = await passkeys.creationOptions(person(), PLACE);
    expect(excludeCredentials).toMatchObject([{ id: device.id, transports: ['internal'] }]);
  });

  it('is not taken from another origin, for another challenge, or without its user verified', async () => {
    const other = () => new SoftwareAuthenticator(ISSUER);
    expect(await add(other(), { origin: 'https://flotilla.example.evil' })).toBe(false);
    expect(await add(other(), { challenge: randomBytes(32).toString('base64url') })).toBe(false);
    expect(await add(other(), { userVerified: false })).toBe(false);
    expect(await add(new SoftwareAuthenticator(ISSUER, 1024))).toBe(false);
    for (const text of ['', 'null', '{}', '{"id":"x"}', '{"id":"x","rawId":"x","response":null}'])
      expect(await take(text)).toBe(false);
    expect(await passkeys.list(account)).toHaveLength(1);
  });

  it('is taken once, where it was asked for, and in time', async () => {
    const answer = await creation(undefined, new SoftwareAuthenticator(ISSUER));
    expect(await take(answer, 'another session')).toBe(false);
    expect(await take(answer)).toBe(true);
    expect(await take(answer)).toBe(false);
    const late = await creation(undefined, new SoftwareAuthenticator(ISSUER));
    store.clock.advance(CHALLENGE_MS);
    expect(await take(late)).toBe(false);
  });

  it('stays with the account that had it first', async () => {
    const first = account;
    account = await store.account();
    expect(await add(device)).toBe(false);
    expect(await passkeys.prove(PLACE, assertion())).toMatchObject({ key: null });
    expect(await passkeys.list(first)).toHaveLength(1);
    expect(await passkeys.list(account)).toEqual([]);
  });

  it('is neither added nor removed ten minutes after signing in', async () => {
    const { database, clock } = store;
    const manage = new ManagePasskeys(passkeys, new AuditLog(database, clock), database, clock);
    const session = { uid: PLACE, account: person(), signedInAt: clock.now() };
    clock.advance(10 * 60_000 - 1);
    const given = async () => ({
      name: 'phone',
      response: await creation(undefined, new SoftwareAuthenticator(ISSUER)),
    });
    expect(await manage.add(session, await given(), '127.0.0.1')).toBe(true);
    clock.advance(1);
    expect(await manage.add(session, await given(), '127.0.0.1')).toBe(false);
    expect(await manage.remove(session, device.id, '127.0.0.1')).toBe(false);
    expect(await passkeys.list(account)).toHaveLength(2);
  });

  it(`is the last one when there are ${MOST_PASSKEYS}`, async () => {
    for (let count = 1; count < MOST_PASSKEYS; count += 1)
      expect(await add(new SoftwareAuthenticator(ISSUER))).toBe(true);
    expect(await add(new SoftwareAuthenticator(ISSUER))).toBe(false);
  });
});

describe('a passkey', () => {
  it('proves whose it is, by a key that stays in one device or a synchronized one', async () => {
    expect(await passkeys.prove(PLACE, assertion())).toEqual({ accountId: account, key: 'hwk' });
    expect(await passkeys.prove(PLACE, assertion({ synchronized: true }))).toEqual({
      accountId: account,
      key: 'swk',
    });
    expect(await passkeys.list(account)).toMatchObject([{ lastUsedAt: store.clock.now() }]);
  });

  it('proves nothing for another challenge, another place, or too late', async () => {
    const challenge = randomBytes(64).toString('base64url');
    expect(await passkeys.prove(PLACE, assertion({ challenge }))).toEqual(nothing());
    expect(await passkeys.prove('another browser', assertion())).toEqual(nothing());
    const late = assertion();
    store.clock.advance(CHALLENGE_MS);
    expect(await passkeys.prove(PLACE, late)).toEqual(nothing());
  });

  it('proves nothing at another origin, or without its user verified', async () => {
    const origin = 'https://login.flotilla.example';
    expect(await passkeys.prove(PLACE, assertion({ origin }))).toEqual(nothing());
    expect(await passkeys.prove(PLACE, assertion({ userVerified: false }))).toEqual(nothing());
  });

  it('proves once, of however many that show the same assertion at the same time', async () => {
    const shown = assertion();
    const proofs = await Promise.all(Array.from({ length: 8 }, () => passkeys.prove(PLACE, shown)));
    expect(proofs.filter(({ key }) => key !== null)).toHaveLength(1);
    expect(await passkeys.prove(PLACE, shown)).toEqual(nothing());
  });

  it('that has no counter proves each assertion once all the same', async () => {
    device.counter = -1;
    const shown = assertion();
    expect(await passkeys.prove(PLACE, shown)).toMatchObject({ key: 'hwk' });
    expect(await passkeys.prove(PLACE, shown)).toEqual(nothing());
  });

  it('is refused when its counter goes back, as that of a copy does', async () => {
    device.counter = 7;
    expect(await passkeys.prove(PLACE, assertion())).toMatchObject({ key: 'hwk' });
    for (const counter of [7, 3, -1]) {
      device.counter = counter;
      expect(await passkeys.prove(PLACE, assertion())).toEqual(nothing());
    }
    device.counter = 8;
    expect(await passkeys.prove(PLACE, assertion())).toMatchObject({ key: 'hwk' });
  });

  it('proves nothing for another user, nor signed by the key of another', async () => {
    const other = await store.account();
    const userHandle = Buffer.from(other.replaceAll('-', ''), 'hex').toString('base64url');
    expect(await passkeys.prove(PLACE, assertion({ userHandle }))).toEqual(nothing());
    const thief = new SoftwareAuthenticator(ISSUER);
    await add(thief);
    const signed = JSON.parse(thief.get(passkeys.requestOptions(PLACE))) as object;
    const forged = JSON.stringify({ ...signed, id: device.id, rawId: device.id });
    expect(await passkeys.prove(PLACE, forged)).toEqual(nothing());
  });

  it('proves nothing once it is removed, which is its owner’s to do', async () => {
    const stranger = await store.account();
    expect(await passkeys.remove(store.database, stranger, device.id)).toBe(false);
    expect(await passkeys.remove(store.database, account, device.id)).toBe(true);
    expect(await passkeys.prove(PLACE, assertion())).toEqual({ key: null });
  });

  it('goes with its account', async () => {
    await store.database.rows('DELETE FROM accounts WHERE id = $1', [account]);
    expect(await passkeys.list(account)).toEqual([]);
  });
});
