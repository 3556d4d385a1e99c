import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type IdentityStore, openStore } from '../../test/identity-store.js';
import { migrations } from '../migrations.js';
import { EmailLinks, LINK_MINUTES } from './email-links.js';

let test: TestDatabase;
let store: IdentityStore;
let links: EmailLinks;
let account: string;

beforeAll(async () => {
  test = await testDatabase(migrations);
  store = await openStore(test.url);
  links = new EmailLinks(store.database, store.clock);
});
beforeEach(async () => {
  account = await store.account();
});
afterAll(async () => {
  await store.close();
  await test.drop();
});

const redeem = (token: string) => links.redeem(store.database, token, 'reset-password');

describe('the token of a link', () => {
  it('is good once, of however many that use it at the same time', async () => {
    const token = await links.issue(account, 'reset-password');
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => redeem(token)));

    expect(outcomes.filter((outcome) => outcome === account)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(7);
  });

  it('takes the others of the account for the same purpose with it, and no more', async () => {
    const [first, second] = [
      await links.issue(account, 'reset-password'),
      await links.issue(account, 'reset-password'),
    ];
    const confirm = await links.issue(account, 'confirm-email');
    await redeem(second);

    expect(await links.isGood(first, 'reset-password')).toBe(false);
    expect(await links.isGood(confirm, 'confirm-email')).toBe(true);
  });

  it('is good for one purpose only', async () => {
    const token = await links.issue(account, 'confirm-email');
    expect(await redeem(token)).toBeNull();
    expect(await links.isGood(token, 'reset-password')).toBe(false);
  });

  it(`is good for ${LINK_MINUTES} minutes`, async () => {
    const token = await links.issue(account, 'reset-password');
    store.clock.advance(LINK_MINUTES * 60_000 - 1);
    expect(await links.isGood(token, 'reset-password')).toBe(true);
    store.clock.advance(1);
    expect(await links.isGood(token, 'reset-password')).toBe(false);
    expect(await redeem(token)).toBeNull();
  });

  it('is used up by nobody who only looks', async () => {
    const token = await links.issue(account, 'reset-password');
    await links.isGood(token, 'reset-password');
    expect(await redeem(token)).toBe(account);
  });

  it('is not in the database', async () => {
    const token = await links.issue(account, 'reset-password');
    const { rows } = await test
      .pool()
      .query(
        'SELECT 1 FROM email_links WHERE email_links::text LIKE $1 OR encode(token_hash, $2) = $3',
        [`%${token}%`, 'hex', Buffer.from(token, 'base64url').toString('hex')],
      );
    expect(rows).toEqual([]);
  });

  it('is removed when it has expired', async () => {
    await links.issue(account, 'reset-password');
    store.clock.advance(LINK_MINUTES * 60_000);
    await links.sweep();
    const { rows } = await test
      .pool()
      .query('SELECT 1 FROM email_links WHERE account_id = $1', [account]);
    expect(rows).toEqual([]);
  });
});
