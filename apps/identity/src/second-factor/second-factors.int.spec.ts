import { randomBytes } from 'node:crypto';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { type IdentityStore, openStore } from '../../test/identity-store.js';
import { migrations } from '../migrations.js';
import { Sealing } from '../sealing.js';
import { SecondFactors } from './second-factors.js';

const sealingKey = randomBytes(32);

let test: TestDatabase;
let store: IdentityStore;
let factors: SecondFactors;
let account: string;
let secret: Buffer;

beforeAll(async () => {
  test = await testDatabase(migrations);
  store = await openStore(test.url);
  factors = new SecondFactors(store.database, new Sealing([sealingKey]), store.clock);
});
beforeEach(async () => {
  account = await store.account();
  secret = await factors.begin(account);
});
afterAll(async () => {
  await store.close();
  await test.drop();
});

/** What an app shows that knows the secret. */
const shown = () =>
  new TOTP({ secret: new Secret({ buffer: Uint8Array.from(secret).buffer }) }).generate({
    timestamp: store.clock.now().getTime(),
  });
const nextStep = () => store.clock.advance(30_000);
const confirm = () =>
  store.database.transaction((tx) => factors.confirm(tx, account, shown())) as Promise<string[]>;

describe('an authenticator app', () => {
  it('asks for nothing before it has shown a right code', async () => {
    expect(await factors.status(account)).toEqual({ enrolled: false, codesLeft: 0 });
    expect(await factors.prove(account, shown())).toBeNull();
    await store.database.transaction((tx) => factors.confirm(tx, account, '000000'));
    expect(await factors.status(account)).toMatchObject({ enrolled: false });
  });

  it('is taken on with a right code, and gives ten recovery codes', async () => {
    expect(await confirm()).toHaveLength(10);
    expect(await factors.status(account)).toEqual({ enrolled: true, codesLeft: 10 });
    await expect(factors.begin(account)).rejects.toMatchObject({ code: 'illegal-transition' });
  });

  it('has one secret in however many tabs it is being set up, and another one later', async () => {
    expect(await factors.begin(account)).toEqual(secret);
    store.clock.advance(10 * 60_000);
    expect(await factors.begin(account)).not.toEqual(secret);
    expect(await factors.confirm(store.database, account, shown())).toBeNull();
  });

  it('proves with each code once, of however many that use it at the same time', async () => {
    await confirm();
    expect(await factors.prove(account, shown())).toBeNull(); // it was used to confirm
    nextStep();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => factors.prove(account, shown())),
    );

    expect(outcomes.filter((outcome) => outcome === 'totp')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(7);
  });

  it('does not prove with an older code than the last one used', async () => {
    await confirm();
    nextStep();
    const older = shown();
    nextStep();
    await factors.prove(account, shown());

    expect(await factors.prove(account, older)).toBeNull();
  });

  it('of another account proves nothing', async () => {
    await confirm();
    nextStep();
    const code = shown();
    account = await store.account();
    secret = await factors.begin(account);
    await confirm();
    nextStep();
    expect(await factors.prove(account, code)).toBeNull();
  });

  it('is in the database sealed, for its account', async () => {
    const { rows } = await test
      .pool()
      .query<{ sealed_secret: Buffer }>('SELECT sealed_secret FROM second_factors');
    expect(rows.some(({ sealed_secret }) => sealed_secret.includes(secret))).toBe(false);

    const other = await store.account();
    await factors.begin(other);
    await test.pool().query(
      `UPDATE second_factors SET sealed_secret = (SELECT sealed_secret FROM second_factors WHERE account_id = $1)
         WHERE account_id = $2`,
      [account, other],
    );
    await expect(factors.begin(other)).rejects.toThrow('cannot be opened');
  });
});

describe('a new sealing key', () => {
  it('seals a secret at its next use; the key of before is not needed from then on', async () => {
    await confirm();
    const [before, after] = [sealingKey, randomBytes(32)];
    const withBoth = new SecondFactors(store.database, new Sealing([after, before]), store.clock);
    const withNew = new SecondFactors(store.database, new Sealing([after]), store.clock);
    nextStep();
    expect(await withBoth.prove(account, shown())).toBe('totp');
    nextStep();
    expect(await withNew.prove(account, shown())).toBe('totp');
  });
});

describe('a recovery code', () => {
  it('proves once, of however many that use it at the same time', async () => {
    const [code] = await confirm();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => factors.prove(account, code!)),
    );

    expect(outcomes.filter((outcome) => outcome === 'recovery-code')).toHaveLength(1);
    expect(await factors.status(account)).toMatchObject({ codesLeft: 9 });
  });

  it('is replaced with all others by new ones', async () => {
    const [code] = await confirm();
    const [renewed] = await store.database.transaction((tx) => factors.renewCodes(tx, account));

    expect(await factors.prove(account, code!)).toBeNull();
    expect(await factors.prove(account, renewed!)).toBe('recovery-code');
  });

  it('goes with the app', async () => {
    const [code] = await confirm();
    await store.database.transaction((tx) => factors.remove(tx, account));

    expect(await factors.prove(account, code!)).toBeNull();
    expect(await factors.status(account)).toEqual({ enrolled: false, codesLeft: 0 });
  });
});
