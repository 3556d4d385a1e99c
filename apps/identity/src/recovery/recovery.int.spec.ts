import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountView } from '@flotilla/contracts/identity';
import { toUuid } from '@flotilla/contracts/ids';
import { IssueEmailLink, type LinkPurpose } from '@flotilla/contracts/mail';
import { Browser, type Visited } from '@flotilla/testing/browser';
import { eventually } from '@flotilla/testing/eventually';
import {
  ISSUER,
  type IdentityUnderTest,
  identityUnderTest,
  PASSWORD,
} from '../../test/identity-under-test.js';
import { OAuthClient } from '../../test/oauth-client.js';
import { ATTEMPT_POLICIES } from '../abuse/attempt-policy.js';

const NEW_PASSWORD = 'another horse battery';
const REPLACE = 'UPDATE accounts SET credential_version = credential_version + 1 WHERE id = $1';
const PKCE = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };

let identity: IdentityUnderTest;
let account: AccountView;
beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());
beforeEach(async () => {
  await identity.database.pool().query('TRUNCATE attempt_counters');
  account = await identity.account();
});

const browser = () => new Browser(identity.urls[0]!, ISSUER);
const linkFor = async (purpose: LinkPurpose) =>
  (await identity.caller.rpc.call(IssueEmailLink, { userId: account.id, purpose })).url;
const signIn = async (password: string, at = browser()) =>
  at.submit(await at.open('/account/sign-in'), '/account/sign-in', {
    email: account.email,
    password,
  });

async function askForLink(email: string, at = browser()): Promise<Visited> {
  const page = await at.open('/account/forgotten-password');
  return at.submit(page, '/account/forgotten-password', { email });
}
async function reset(url: string, password: string): Promise<Visited> {
  const at = browser();
  const page = await at.open(url);
  return at.submit(page, '/account/reset-password', { password });
}
async function mailsWanted({ id }: AccountView): Promise<object[]> {
  const { rows } = await identity.database
    .pool()
    .query<{ payload: object }>(
      "SELECT payload FROM events WHERE type = 'mail.requested' AND subject = $1",
      [id],
    );
  return rows.map(({ payload }) => payload);
}

const TABLES = ['attempt_counters', 'audit.events', 'events'];
/** How many rows there are in each table that asking for a link writes to. */
async function rowCounts(): Promise<number[]> {
  const counts = TABLES.map((table) => `(SELECT count(*)::int FROM ${table})`);
  const { rows } = await identity.database
    .pool()
    .query<{ counts: number[] }>(`SELECT ARRAY[${counts.join()}] AS counts`);
  return rows[0]!.counts;
}

describe('a forgotten password', () => {
  it('has the same answer for the same work, whether there is an account or not', async () => {
    const asked = async (email: string) => {
      await identity.database.pool().query('TRUNCATE attempt_counters');
      const before = await rowCounts();
      const { status, html } = await askForLink(email);
      const after = await rowCounts();
      return { status, html, written: after.map((count, table) => count - before[table]!) };
    };

    const known = await asked(account.email);
    expect(known).toMatchObject({ status: 200, written: [2, 1, 1] });
    expect(await asked('nobody@flotilla.example')).toEqual(known);
  });

  it('sends a mail to its account, and no more than a few', async () => {
    for (let count = 0; count < ATTEMPT_POLICIES.mail.burst + 2; count += 1) {
      expect((await askForLink(account.email)).status).toBe(200);
    }
    const wanted = await mailsWanted(account);
    expect(wanted).toHaveLength(ATTEMPT_POLICIES.mail.burst);
    expect(wanted[0]).toEqual({ purpose: 'reset-password', locale: 'en' });
  });

  it('writes no link down, neither in an event nor in the clear', async () => {
    const token = new URL(await linkFor('reset-password')).searchParams.get('token')!;
    const { rows } = await identity.database.pool().query(
      `SELECT 1 FROM events WHERE events::text LIKE $1 UNION ALL
         SELECT 1 FROM email_links WHERE email_links::text LIKE $1 UNION ALL
         SELECT 1 FROM audit.events AS trail WHERE trail::text LIKE $1`,
      [`%${token}%`],
    );
    expect(rows).toEqual([]);
  });

  it('has a link to the configured address, whatever a request calls this host', async () => {
    await fetch(`${identity.urls[0]}/account/forgotten-password`, {
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    });
    const url = new URL(await linkFor('reset-password'));
    expect(url.origin).toBe(ISSUER);
    expect(url.pathname).toBe('/account/reset-password');
  });

  it('is replaced once by a link, and ends sessions, grants and refresh tokens', async () => {
    const client = new OAuthClient(identity.urls[0]!, await identity.client());
    const own = browser();
    await signIn(PASSWORD, own);
    const code = await client.authorize(account.email, { prompt: 'consent' }, own);
    const { body } = await client.redeem(code);
    const url = await linkFor('reset-password');

    expect((await reset(url, NEW_PASSWORD)).html).toContain('Your new password is set');
    expect((await own.open('/account')).url.pathname).toBe('/account/sign-in');
    expect((await client.refresh(String(body.refresh_token))).body.error).toBe('invalid_grant');
    expect((await signIn(PASSWORD)).status).toBe(401);
    expect((await signIn(NEW_PASSWORD)).status).toBe(200);
    expect((await browser().open(url)).status).toBe(410);
    const { rows } = await identity.database
      .pool()
      .query<{ credential_version: number }>(
        'SELECT credential_version FROM accounts WHERE id = $1',
        [toUuid('usr', account.id)],
      );
    expect(rows[0]!.credential_version).toBe(account.credentialVersion + 1);
  });

  it('that has been replaced lets nobody in who had shown the old one and not gone on', async () => {
    const client = new OAuthClient(identity.urls[0]!, await identity.client());
    const thief = browser();
    const page = await thief.open(client.authorizeUrl(PKCE));
    const shown = { email: account.email, password: PASSWORD };
    const held = await thief.submit(page, '/sign-in', shown, { follow: false });
    expect(held.status).toBe(303);
    await reset(await linkFor('reset-password'), NEW_PASSWORD);
    const resumed = await thief.open(held.url.href);
    expect([resumed.status, resumed.html]).toEqual([400, expect.stringContaining('expired')]);
    expect((await thief.open('/account')).url.pathname).toBe('/account/sign-in');
  });

  it.each(['the account', 'an application'])(
    'that is replaced while the old one is being compared lets nobody in to %s',
    async (to) => {
      const client = new OAuthClient(identity.urls[0]!, await identity.client());
      const thief = browser();
      let signedIn: Promise<Visited> | undefined;
      const page = await thief.open(
        to === 'the account' ? '/account/sign-in' : client.authorizeUrl(PKCE),
      );
      const replacing = await identity.database.pool().connect();
      try {
        // Here a sign-in comes by that has found the password to be right.
        await replacing.query('BEGIN; LOCK TABLE known_devices');
        const shown = { email: account.email, password: PASSWORD };
        signedIn = thief.submit(page, '/sign-in', shown);
        await eventually(async () => {
          const waiting = 'SELECT 1 FROM pg_locks WHERE NOT granted';
          return (await identity.database.pool().query(waiting)).rows.length > 0;
        });
        await replacing.query(REPLACE, [toUuid('usr', account.id)]);
      } finally {
        await replacing.query('COMMIT');
        replacing.release();
      }
      const { url, status, html } = (await signedIn)!;
      if (to === 'the account') expect(url.pathname).toBe('/account/sign-in');
      else expect([status, html]).toEqual([400, expect.stringContaining('expired')]);
      expect((await thief.open('/account')).url.pathname).toBe('/account/sign-in');
    },
  );

  it('is not replaced by one that nobody should have; the link goes on working', async () => {
    const url = await linkFor('reset-password');
    const refused = await reset(url, 'password123');
    expect(refused.status).toBe(400);
    expect(refused.html).toContain('aria-invalid="true"');
    expect((await reset(url, NEW_PASSWORD)).status).toBe(200);
  });

  it('is replaced once, by however many use the link at the same time', async () => {
    const url = await linkFor('reset-password');
    const passwords = Array.from({ length: 4 }, (_, index) => `${NEW_PASSWORD} ${index}`);
    const pages = await Promise.all(passwords.map((password) => reset(url, password)));
    const statuses = pages.map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 410, 410, 410]);
  });

  it('cannot be replaced by a link that is for something else', async () => {
    const token = new URL(await linkFor('confirm-email')).searchParams.get('token')!;
    expect((await browser().open(`/account/reset-password?token=${token}`)).status).toBe(410);
  });
});

describe('an address', () => {
  const isConfirmed = async () =>
    (
      await identity.database
        .pool()
        .query('SELECT 1 FROM accounts WHERE id = $1 AND email_verified_at IS NOT NULL', [
          toUuid('usr', account.id),
        ])
    ).rows.length === 1;

  it('is confirmed by a form, not by looking at the link', async () => {
    const url = await linkFor('confirm-email');
    const at = browser();
    const page = await at.open(url);
    expect(await isConfirmed()).toBe(false);
    await at.submit(page, '/account/confirm-email', {});
    expect(await isConfirmed()).toBe(true);
    expect((await browser().open(url)).status).toBe(410);
  });

  it('gets another link for who is signed in', async () => {
    const at = browser();
    const page = await signIn(PASSWORD, at);
    await at.submit(page, '/account/confirm-email/again', {});
    expect(await mailsWanted(account)).toEqual([{ purpose: 'confirm-email', locale: 'en' }]);
  });
});
