import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type TestFleet, testFleet } from '@flotilla/testing/fleet';
import { HttpClient } from '@flotilla/testing/http-client';
import { Secret, TOTP } from 'otpauth';
import type { BrowserContext, Page } from 'playwright-core';
import {
  chromiumPath,
  haveAuthenticator,
  faultsOf,
  keepPicture,
  type RealBrowser,
  startChromium,
} from './pages/chromium.js';
import { linkMailedTo } from './pages/mailbox.js';
import { Reference } from './pages/reference.js';

const EMAIL = 'ada@flotilla.example';
const PASSWORD = 'correct horse battery';
const NEW_PASSWORD = 'another horse battery';

// Each test goes through several pages, and looks at each three times.
jest.setTimeout(300_000);

const suite = chromiumPath ? describe : describe.skip;
const lack = chromiumPath ? '' : ' (there is none here: apt-get install chromium)';

suite(`the pages, in a real browser${lack}`, () => {
  let fleet: TestFleet;
  let browser: RealBrowser;
  let ada: BrowserContext;
  let page: Page;
  let secret: string;
  let recoveryCodes: string[];

  beforeAll(async () => {
    // Everything comes from one address, and more of it than from a person.
    const env = { RATE_LIMIT_SIGN_IN: '1000/60', RATE_LIMIT_REGISTER: '1000/60' };
    fleet = await testFleet({ env });
    browser = await startChromium(fleet.file().url);
    ada = await browser.person();
    page = await ada.newPage();
  }, 150_000);
  afterAll(async () => {
    await browser?.close();
    await fleet?.stop();
  });

  const path = () => new URL(page.url()).pathname;
  const looksRight = async (name: string) => expect(await faultsOf(page, name)).toEqual([]);
  const send = (label: string) => page.getByRole('button', { name: label, exact: true }).click();
  const mail = (subject: string) => linkMailedTo(join(fleet.directory, 'mail'), EMAIL, subject);

  async function signIn(email: string, password: string): Promise<void> {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await send('Sign in');
  }

  /** What the authenticator app shows, or will show in half a minute: each step is good once. */
  const shown = (stepsAhead = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({
      timestamp: Date.now() + stepsAhead * 30_000,
    });

  it('an account is made, with what is wrong said beside each field', async () => {
    await page.goto('/account');
    expect(path()).toBe('/account/sign-in');
    await looksRight('sign-in');
    await page.getByRole('link', { name: 'Create an account' }).click();
    await looksRight('register');

    await page.getByLabel('First name').fill('Ada');
    await page.getByLabel('Last name').fill('Lovelace');
    await page.getByLabel('E-mail').fill(EMAIL);
    await page.getByLabel('Password').fill('password123');
    await send('Create my account');
    expect(await page.getByLabel('Password').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('E-mail').inputValue()).toBe(EMAIL);
    await looksRight('register-refused');

    await page.getByLabel('Password').fill(PASSWORD);
    await send('Create my account');
    expect(path()).toBe('/account');
    await page.getByText('not confirmed').waitFor();
    await looksRight('account');
  });

  it('the address is confirmed by the link of the welcome mail, once', async () => {
    const link = await mail('Welcome to Flotilla');
    expect(link.startsWith(`${fleet.file().url}/account/confirm-email?`)).toBe(true);
    await page.goto(link);
    await looksRight('confirm-email');
    await send('Confirm my address');
    await looksRight('confirmed');
    await page.getByRole('link', { name: 'Go to your account' }).click();
    await page.getByText('confirmed', { exact: true }).waitFor();

    await page.goto(link);
    await page.getByText('does not work any more').first().waitFor();
    await looksRight('dead-link');
  });

  it('a second factor is set up, and asked for from then on', async () => {
    await page.goto('/account/two-factor');
    await looksRight('second-factor-set-up');
    secret = (await page.locator('.qr code').innerText()).replaceAll(' ', '');
    await page.getByLabel('The code that it shows now').fill('000000');
    await send('Turn on');
    await page.getByText('not the right code').waitFor();
    await looksRight('second-factor-wrong');
    await page.getByLabel('The code that it shows now').fill(shown());
    await send('Turn on');
    await page.getByText('Your recovery codes').first().waitFor();
    recoveryCodes = await page.locator('.codes code').allInnerTexts();
    expect(recoveryCodes).toHaveLength(10);
    await looksRight('recovery-codes');
    await page.getByRole('link', { name: 'I have kept them' }).click();
    await looksRight('second-factor-on');

    await page.goto('/account');
    await send('Sign out');
    await signIn(EMAIL, 'not the password');
    await page.getByText('not the right address').waitFor();
    await looksRight('sign-in-refused');
    await signIn(EMAIL, PASSWORD);
    await page.getByText('One more step').waitFor();
    await looksRight('second-factor');
    await page.getByLabel('Code').fill(shown(1));
    await send('Continue');
    expect(path()).toBe('/account');
  });

  it('an application is allowed something, calls the API with it, and is refused once that is withdrawn', async () => {
    const { address, verifier, redirectUri } = authorizationRequest(fleet.file().url);
    await page.goto(address);
    await page.getByText('would like to').waitFor();
    await looksRight('consent');
    await send('Allow');
    await page.waitForURL((url) => url.searchParams.has('code'));
    const token = await redeem(page.url(), verifier, redirectUri);
    const api = new HttpClient(fleet.file().url, { authorization: `Bearer ${token}` });
    expect((await api.get('/api/orders')).status).toBe(200);

    await page.goto('/account/sessions');
    await looksRight('sessions');
    await page.goto('/account/grants');
    await looksRight('grants');
    await page.getByRole('button', { name: /^Withdraw/ }).click();
    await page.getByText('The access is withdrawn').waitFor();
    await looksRight('grants-withdrawn');
    // As soon as the page says so: no gateway accepts the token any more.
    expect((await api.get('/api/orders')).status).toBe(401);
  });

  it('works with the keyboard alone, and without scripts', async () => {
    const context = await browser.person({ javaScriptEnabled: false });
    page = await context.newPage();
    const { address } = authorizationRequest(fleet.file().url);
    await page.goto(address);
    await page.locator('#email:focus').waitFor(); // the cursor is there already
    await page.keyboard.type(EMAIL);
    await page.keyboard.press('Tab'); // to the link beside the password
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('#code:focus').waitFor();
    await page.keyboard.type(recoveryCodes.pop()!);
    await page.keyboard.press('Enter');
    await page.getByText('would like to').waitFor();
    await page.getByRole('button', { name: 'Allow', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.has('code'));
    await context.close();
  });

  it('two tabs that sign in at once both finish', async () => {
    const context = await browser.person();
    const tabs = [await context.newPage(), await context.newPage()];
    for (const tab of tabs) await tab.goto(authorizationRequest(fleet.file().url).address);
    for (const tab of tabs) {
      page = tab;
      await signIn(EMAIL, PASSWORD);
      await page.getByLabel('Code').fill(recoveryCodes.pop()!);
      await send('Continue');
      await page.getByText('would like to').waitFor();
    }
    for (const tab of tabs) {
      page = tab;
      await send('Allow');
      await tab.waitForURL((url) => url.searchParams.has('code'));
    }
    await context.close();
  });

  it('a forgotten password is replaced by the link of a mail, which signs out everywhere', async () => {
    page = await (await browser.person()).newPage();
    await page.goto('/account/sign-in');
    await page.getByRole('link', { name: 'Forgotten?' }).click();
    await looksRight('forgotten-password');
    await page.getByLabel('E-mail').fill(EMAIL);
    await send('Send me a link');
    await looksRight('link-sent');
    await page.goto(await mail('Choose a new password'));
    await page.getByLabel('New password').fill('short');
    await send('Set my new password');
    await looksRight('reset-password-refused');
    await page.getByLabel('New password').fill(NEW_PASSWORD);
    await send('Set my new password');
    await page.getByText('Your new password is set').first().waitFor();
    await looksRight('reset-password-done');

    const elsewhere = await ada.newPage();
    await elsewhere.goto('/account');
    expect(new URL(elsewhere.url()).pathname).toBe('/account/sign-in');
  });

  it('a device is connected by the code that it shows', async () => {
    page = await (await browser.person()).newPage();
    await page.goto('/oauth/device/verify');
    await looksRight('device-code');
    await page.getByLabel('Code').fill('WRNG-CODE');
    await send('Continue');
    await page.getByText('did not work').waitFor();
    await looksRight('device-code-wrong');
  });

  it('what cannot be shown is said on a page, too', async () => {
    await page.goto('/oauth/authorize?client_id=nobody');
    await looksRight('error');
    await page.goto('/oauth/interaction/nonsense');
    await looksRight('expired');
  });

  it('the reference tries the API out, with a key and for who signed in', async () => {
    const context = await browser.person();
    page = await context.newPage();
    const reference = new Reference(page);
    await reference.open();
    expect(await reference.tryOut('get', '/orders')).toBe(401);
    await reference.useKey(fleet.file().apiKey);
    expect(await reference.tryOut('get', '/orders')).toBe(200);
    await keepPicture(page, 'reference-key');

    page = await context.newPage();
    const other = new Reference(page);
    await other.open();
    const reading = page;
    await other.signIn(async (window) => {
      page = window;
      await signIn(EMAIL, NEW_PASSWORD);
      await page.getByLabel('Code').fill(recoveryCodes.pop()!);
      await send('Continue');
      await page.getByText('would like to').waitFor();
      await send('Allow');
    });
    page = reading;
    expect(await other.tryOut('get', '/users/me')).toBe(200);
    await page.getByText(EMAIL).first().waitFor();
    await keepPicture(page, 'reference-signed-in');
    await context.close();
  });

  it('a passkey is made, and signs in without a password', async () => {
    const context = await browser.person();
    page = await context.newPage();
    await haveAuthenticator(page);
    await page.goto('/account/passkeys');
    await signIn(EMAIL, NEW_PASSWORD);
    await page.getByLabel('Code').fill(recoveryCodes.pop()!);
    await send('Continue');
    await looksRight('passkeys-none');
    await page.getByLabel('Name of the new passkey').fill('my phone');
    await send('Add a passkey');
    await page.getByText('The passkey is added').waitFor();
    await looksRight('passkeys');

    await page.goto('/account');
    await send('Sign out');
    await looksRight('sign-in-passkey');
    await send('Sign in with a passkey');
    await page.waitForURL('**/account');
    await page.goto('/account/passkeys');
    await page.getByText('Last used').waitFor();
    await page.getByRole('button', { name: 'Remove the passkey my phone' }).click();
    await page.getByText('The passkey is removed').waitFor();
    await page.goto('/account');
    await send('Sign out');
    await send('Sign in with a passkey');
    await page.getByText('That passkey did not work here').waitFor();
    await looksRight('sign-in-passkey-refused');
    await context.close();
  });

  it('no page broke its own policy', () => {
    expect(browser.complaints).toEqual([]);
  });

  /** A request of the reference's own client, with PKCE. */
  function authorizationRequest(url: string) {
    const verifier = randomBytes(32).toString('base64url');
    const redirectUri = `${url}/docs/oauth2-redirect.html`;
    const params = new URLSearchParams({
      client_id: 'docs',
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid email orders:read',
      state: randomBytes(8).toString('hex'),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    return { address: `/oauth/authorize?${params}`, verifier, redirectUri };
  }

  async function redeem(address: string, verifier: string, redirectUri: string): Promise<string> {
    const response = await fetch(`${fleet.file().url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'docs',
        code: new URL(address).searchParams.get('code')!,
        code_verifier: verifier,
        redirect_uri: redirectUri,
      }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  }
});
