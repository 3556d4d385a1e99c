import { Browser } from '@flotilla/testing/browser';
import { expect, it } from '@jest/globals';
import { identityUnderTest, PASSWORD } from '../../test/identity-under-test.js';
import { OAuthClient } from '../../test/oauth-client.js';

const SITE = 'https://flotilla.example';
const PKCE = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' };

it('cookies are of this host and of TLS alone where the site is behind it, and people sign in there', async () => {
  const identity = await identityUnderTest({ env: { PUBLIC_URL: SITE } });
  try {
    const place = identity.urls[0]!;
    const client = new OAuthClient(place, await identity.client());
    for (const path of ['/account/sign-in', client.authorizeUrl(PKCE)]) {
      const response = await fetch(place + path, { redirect: 'manual' });
      const cookies = response.headers.getSetCookie();
      expect(cookies).not.toEqual([]);
      for (const cookie of cookies) expect(cookie).toMatch(/^__(Host|Secure)-.*; secure/i);
    }
    const { email } = await identity.account();
    const browser = new Browser(place, SITE);
    const form = await browser.open('/account/sign-in');
    const account = await browser.submit(form, '/account/sign-in', { email, password: PASSWORD });
    expect([account.status, account.url.href]).toEqual([200, `${SITE}/account`]);
    // What a session is known by: a neighbouring host, or one without TLS, could not have set it.
    expect(browser.cookieNames()).toContain('__Host-session');
    for (const name of browser.cookieNames()) expect(name).toMatch(/^__Host-/);
  } finally {
    await identity.close();
  }
});
