import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccountView } from '@flotilla/contracts/identity';
import { ListAuditEvents } from '@flotilla/contracts/audit';
import { toUuid } from '@flotilla/contracts/ids';
import { Browser, type Visited } from '@flotilla/testing/browser';
import { eventually } from '@flotilla/testing/eventually';
import { hash } from '@node-rs/argon2';
import {
  ISSUER,
  type IdentityUnderTest,
  identityUnderTest,
  PASSWORD,
} from '../../test/identity-under-test.js';
import { enrol } from '../../test/authenticator.js';
import { claimsOf, OAuthClient } from '../../test/oauth-client.js';
import { ATTEMPT_POLICIES } from '../abuse/attempt-policy.js';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await identityUnderTest({ replicas: 2 });
});
afterAll(() => identity.close());

const browser = () => new Browser(identity.urls[0]!, ISSUER);
const BURST = ATTEMPT_POLICIES.account.burst;
const PKCE = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' };

/** Sends the form of `/account/sign-in`. */
async function signIn(at: Browser, email: string, password: string): Promise<Visited> {
  const page = await at.open('/account/sign-in');
  return at.submit(page, '/account/sign-in', { email, password });
}
const isSignedIn = ({ url, status }: Visited) => url.pathname === '/account' && status === 200;

async function audited(account: AccountView): Promise<string[]> {
  const { data } = await identity.caller.rpc.call(ListAuditEvents, { userId: account.id });
  return data.map(({ type, outcome }) => `${type} ${outcome}`);
}

describe('guessing a password', () => {
  it(`is verified ${BURST} times and once more after each wait, of fifty guesses at once to two replicas`, async () => {
    const { email } = await identity.account();
    const pages = await Promise.all(
      identity.urls.map(async (url) => {
        const at = new Browser(url, ISSUER);
        return { at, page: await at.open('/account/sign-in') };
      }),
    );
    const started = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const { at, page } = pages[index % 2]!;
        return at.submit(page, '/account/sign-in', { email, password: `guess ${index}` });
      }),
    );

    const statuses = answers.map(({ status }) => status);
    const waits = Math.ceil(Math.log2(1 + (performance.now() - started) / 1000)); // 1 s, 2 s, 4 s …
    const verified = statuses.filter((status) => status === 401).length;
    expect(verified).toBeGreaterThanOrEqual(BURST);
    expect(verified).toBeLessThanOrEqual(BURST + waits);
    // 503: there was no connection to be had in time, which is no verification either.
    const refusals = statuses.filter((status) => [429, 503].includes(status)).length;
    expect(refusals).toBe(50 - verified);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('does not keep the owner out of a browser that has signed in before', async () => {
    const { email } = await identity.account();
    const own = browser();
    const account = await signIn(own, email, PASSWORD);
    await own.submit(account, '/account/sign-out', {});
    const stranger = browser();
    const page = await stranger.open('/account/sign-in');
    for (let count = 0; count < BURST; count += 1) {
      await stranger.submit(page, '/account/sign-in', { email, password: 'guess' });
    }

    expect((await signIn(browser(), email, PASSWORD)).status).toBe(429);
    expect(isSignedIn(await signIn(own, email, PASSWORD))).toBe(true);
  });

  it('tells nothing of whether there is such an account', async () => {
    await identity.database.pool().query('TRUNCATE attempt_counters');
    const account = await identity.account();
    const anew = /value="[\w-]{43}"|&quot;challenge&quot;:&quot;[\w-]+&quot;/g;
    const masked = (page: Visited, email: string) =>
      [page.status, page.html.replaceAll(email, '').replaceAll(anew, '')].join();
    const outcome = async (email: string) => masked(await signIn(browser(), email, 'wrong'), email);

    expect(await outcome(account.email)).toBe(await outcome('nobody@flotilla.example'));
    expect(await audited(account)).toEqual([
      'sign-in.password failure',
      'account.registered success',
    ]);
  });
});

describe('a password that was hashed when less was asked of a hash', () => {
  it('is hashed anew at the next sign-in, and only by the right one', async () => {
    const { id, email } = await identity.account();
    const weak = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    const database = identity.database.pool();
    const uuid = toUuid('usr', id);
    await database.query('UPDATE accounts SET password_hash = $1 WHERE id = $2', [weak, uuid]);
    const stored = async () =>
      (
        await database.query<{ password_hash: string }>(
          'SELECT password_hash FROM accounts WHERE id = $1',
          [uuid],
        )
      ).rows[0]!.password_hash;
    await signIn(browser(), email, 'not the password');
    expect(await stored()).toBe(weak);
    expect(isSignedIn(await signIn(browser(), email, PASSWORD))).toBe(true);
    expect(await stored()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(isSignedIn(await signIn(browser(), email, PASSWORD))).toBe(true);
  });
});

describe('somebody new', () => {
  it('registers on the way to an application, and goes on to it without signing in again', async () => {
    const client = new OAuthClient(identity.urls[0]!, await identity.client());
    const at = browser();
    const prompt = await at.open(client.authorizeUrl(PKCE));
    const register = await at.open(/href="(\/account\/register[^"]+)"/.exec(prompt.html)![1]!);
    const consent = await at.submit(register, '/account/register', {
      email: 'new@flotilla.example',
      firstName: 'Grace',
      lastName: 'Hopper',
      password: PASSWORD,
    });

    expect(consent.html).toContain('would like to');
    expect(consent.html).toContain('new@flotilla.example');
  });
});

describe('an account with a second factor', () => {
  it('gives no code to a browser that has only shown the password, on any path', async () => {
    await identity.database.pool().query('TRUNCATE attempt_counters');
    const account = await identity.account();
    const client = new OAuthClient(identity.urls[0]!, await identity.client());
    const [own, earlier] = [browser(), browser()];
    await signIn(own, account.email, PASSWORD);
    await signIn(earlier, account.email, PASSWORD);
    const { code } = await enrol(own);

    // Signed in before it was set up: that session is over.
    expect((await earlier.open('/account')).url.pathname).toBe('/account/sign-in');
    // Signing in anew: the password leads to the code, and no further.
    const half = browser();
    const prompt = await half.open(client.authorizeUrl(PKCE));
    const second = await half.submit(prompt, '/sign-in', {
      email: account.email,
      password: PASSWORD,
    });
    expect(second.html).toContain('One more step');
    expect((await half.open('/account')).url.pathname).toBe('/account/sign-in');
    const silent = await half.open(client.authorizeUrl({ ...PKCE, prompt: 'none' }));
    expect(silent.url.searchParams.get('error')).toBe('login_required');
    // That the password was right is worth nothing elsewhere.
    const proof = /name="proof" value="([^"]+)"/.exec(second.html)![1]!;
    const elsewhere = browser();
    const other = await elsewhere.open('/account/sign-in');
    const csrf = /name="csrf" value="([^"]+)"/.exec(other.html)![1]!;
    const right = code();
    const form = { csrf, proof, code: right };
    const moved = await elsewhere.open('/account/second-factor', form);
    expect(moved.html).toContain('took too long');

    const consent = await half.submit(second, '/second-factor', { code: right });
    expect(consent.html).toContain('would like to');
  });

  it('takes each code once, and wrong ones no more often than wrong passwords', async () => {
    await identity.database.pool().query('TRUNCATE attempt_counters');
    const account = await identity.account();
    const own = browser();
    await signIn(own, account.email, PASSWORD);
    const { recoveryCodes } = await enrol(own);
    const [code] = recoveryCodes;

    const answers = [];
    for (const at of [browser(), browser()]) {
      const page = await signIn(at, account.email, PASSWORD);
      answers.push(await at.submit(page, '/account/second-factor', { code: code! }));
    }
    expect(isSignedIn(answers[0]!)).toBe(true);
    expect(answers[1]!.status).toBe(401);

    const guessing = browser();
    const page = await signIn(guessing, account.email, PASSWORD);
    const statuses = [];
    for (let count = 0; count < BURST; count += 1) {
      const { status } = await guessing.submit(page, '/account/second-factor', { code: '000000' });
      statuses.push(status);
    }
    expect(statuses.at(-1)).toBe(429);
  });

  it('writes down who did what, and no secret', async () => {
    const account = await identity.account();
    const own = browser();
    await signIn(own, account.email, PASSWORD);
    const { recoveryCodes } = await enrol(own);

    expect(await audited(account)).toEqual([
      'second-factor.enrolled success',
      'sign-in.completed success',
      'sign-in.password success',
      'account.registered success',
    ]);
    const { rows } = await identity.database
      .pool()
      .query<{ text: string }>('SELECT events::text AS text FROM audit.events AS events');
    const trail = rows.map(({ text }) => text).join('\n');
    for (const secret of [PASSWORD, account.email, ...recoveryCodes, ...own.secrets()]) {
      expect(trail.includes(secret)).toBe(false);
    }
  });
});

describe('a client that asks for more than a password', () => {
  const secondFactor = { acr_values: 'mfa' };
  const shop = async () => new OAuthClient(identity.urls[0]!, await identity.client());

  it('is told that there is no second factor, and gets no code', async () => {
    const [client, { email }, visitor] = [await shop(), await identity.account(), browser()];
    const page = await visitor.open(client.authorizeUrl({ ...PKCE, ...secondFactor }));
    const { url } = await visitor.submit(page, '/sign-in', { email, password: PASSWORD });
    expect(Object.fromEntries(url.searchParams)).toEqual({
      error: 'unmet_authentication_requirements',
      error_description: expect.any(String),
      state: 'state-17',
      iss: ISSUER,
    });
  });

  it('reads in the ID token that somebody has shown one, or has not if anything would do', async () => {
    const [client, { email }, own] = [await shop(), await identity.account(), browser()];
    const easy = await client.authorize(email, { acr_values: 'mfa pwd' });
    expect(claimsOf((await client.redeem(easy)).body.id_token!)).toMatchObject({
      acr: 'pwd',
      amr: ['pwd'],
    });
    await signIn(own, email, PASSWORD);
    await enrol(own);
    const strict = await client.authorize(email, secondFactor, own);
    expect(claimsOf((await client.redeem(strict)).body.id_token!)).toMatchObject({
      acr: 'mfa',
      amr: ['pwd', 'otp', 'mfa'],
    });
  });

  it('or for a fresh sign-in, has it', async () => {
    const [client, { email }, own] = [await shop(), await identity.account(), browser()];
    await signIn(own, email, PASSWORD);
    // Times of sign-ins are whole seconds: of this one nothing is fresher.
    const second = Math.floor(Date.now() / 1_000);
    await eventually(() => Math.floor(Date.now() / 1_000) > second);
    const page = await own.open(client.authorizeUrl({ ...PKCE, max_age: '0' }));
    expect(page.html).toContain('/sign-in"');
  });
});

describe('a form', () => {
  it('that another site sends does nothing', async () => {
    const account = await identity.account();
    const own = browser();
    await signIn(own, account.email, PASSWORD);
    const forged = await own.open('/account/sign-out', {});
    expect(forged.status).toBe(403);
    const stolen = browser();
    const token = /name="csrf" value="([^"]+)"/.exec(
      (await stolen.open('/account/sign-in')).html,
    )![1]!;
    expect((await own.open('/account/sign-out', { csrf: token })).status).toBe(403);

    expect(isSignedIn(await own.open('/account'))).toBe(true);
  });

  it.each([
    ['/account/sign-in', 'email'],
    ['/account/second-factor', 'proof'],
    ['/account/register', 'email'],
    ['/account/forgotten-password', 'email'],
    ['/account/reset-password', 'token'],
    ['/account/confirm-email', 'token'],
  ])(
    'of %s with %s missing, strange or too long is refused, and nothing breaks',
    async (path, field) => {
      await identity.database.pool().query('TRUNCATE attempt_counters');
      const at = browser();
      const csrf = /name="csrf" value="([^"]+)"/.exec(
        (await at.open('/account/sign-in')).html,
      )![1]!;
      for (const value of [undefined, '', '\0', '\u{1f984}', 'x'.repeat(20_000), '../../etc']) {
        const form = { csrf, password: PASSWORD, ...(value !== undefined && { [field]: value }) };
        const { status } = await at.open(path, form);
        expect([200, 400, 401, 410, 413, 429]).toContain(status);
      }
    },
  );

  it('leads nowhere but to pages of ours', async () => {
    const { email } = await identity.account();
    const at = browser();
    const page = await at.open('/account/sign-in?return_to=https%3A%2F%2Fevil.example');
    const next = await at.submit(page, '/account/sign-in', { email, password: PASSWORD });
    expect(next.url.href).toBe(`${ISSUER}/account`);
  });
});

describe('the cookies', () => {
  it('cannot be read by scripts, nor sent along by other sites', async () => {
    const response = await fetch(`${identity.urls[0]}/account/sign-in`);
    for (const cookie of response.headers.getSetCookie()) {
      expect(cookie).toMatch(/; HttpOnly; SameSite=Lax/);
    }
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^;]+; script-src 'sha256-[^;]+; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
  });
});

describe('a session', () => {
  it('that was there before the sign-in is not the one after it', async () => {
    const { id, email } = await identity.account();
    const own = browser();
    await signIn(own, email, PASSWORD);
    const first = own.secrets();
    await signIn(own, email, PASSWORD);
    const { rows } = await identity.database
      .pool()
      .query('SELECT 1 FROM oauth_records WHERE model = $1 AND account_id = $2', [
        'Session',
        toUuid('usr', id),
      ]);

    expect(rows).toHaveLength(1);
    expect(own.secrets().some((secret) => !first.includes(secret))).toBe(true);
  });
});
