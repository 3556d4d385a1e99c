import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Browser } from '@flotilla/testing/browser';
import { enrol } from '../../test/authenticator.js';
import {
  type IdentityUnderTest,
  identityUnderTest,
  ISSUER,
  PASSWORD,
} from '../../test/identity-under-test.js';
import { claimsOf, OAuthClient } from '../../test/oauth-client.js';
import { addPasskey, signInByPasskey } from '../../test/software-authenticator.js';
import { pass } from '../../test/time-of-day.js';

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;
/** No step of these tests takes longer, on whatever machine. */
const MARGIN = 20 * SECOND;
const REFUSED = { status: 400, body: { error: 'invalid_grant' } };

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await identityUnderTest();
}, 60_000);
afterAll(() => identity.close());
afterEach(() => void jest.useRealTimers());

async function shop(body = {}): Promise<OAuthClient> {
  return new OAuthClient(identity.urls[0]!, await identity.client(body));
}

async function tokens() {
  const client = await shop();
  const { email } = await identity.account();
  const { body } = await client.redeem(await client.authorize(email));
  return { client, access: body.access_token!, refresh: body.refresh_token! };
}

describe('how long things live', () => {
  it('a code: 60 seconds', async () => {
    const client = await shop();
    const { email } = await identity.account();
    const [early, late] = [await client.authorize(email), await client.authorize(email)];
    pass(60 * SECOND - MARGIN);
    expect((await client.redeem(early)).status).toBe(200);
    pass(61 * SECOND);
    expect(await client.redeem(late)).toMatchObject(REFUSED);
  });

  it('an access token: 5 minutes', async () => {
    const { client, access } = await tokens();
    const isActive = async () => (await client.post('introspect', { token: access })).body.active;
    pass(300 * SECOND - MARGIN);
    expect(await isActive()).toBe(true);
    pass(301 * SECOND);
    expect(await isActive()).toBe(false);
    expect((await client.userinfo(access)).status).toBe(401);
  });

  it('a refresh token: 30 days after the last time it was used', async () => {
    const { client, refresh } = await tokens();
    pass(29 * DAY);
    const refreshed = await client.refresh(refresh);
    expect(refreshed.status).toBe(200);
    pass(58 * DAY);
    const again = await client.refresh(refreshed.body.refresh_token!);
    expect(again.status).toBe(200);
    pass(89 * DAY);
    expect(await client.refresh(again.body.refresh_token!)).toMatchObject(REFUSED);
  });

  it('a device code: 10 minutes', async () => {
    const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code' as const;
    const client = await shop({ grantTypes: [DEVICE], redirectUris: [] });
    const { body } = await client.post('device', { scope: 'openid' });
    const form = { grant_type: DEVICE, device_code: body.device_code! };
    pass(600 * SECOND - MARGIN);
    expect((await client.post('token', form)).body.error).toBe('authorization_pending');
    pass(601 * SECOND);
    expect((await client.post('token', form)).body.error).toBe('expired_token');
  });
});

describe('the ten minutes after a sign-in', () => {
  const MINUTE = 60 * SECOND;
  // Attempts of later would keep those of now waiting.
  afterEach(() => identity.database.pool().query('TRUNCATE attempt_counters'));
  const browser = () => new Browser(identity.urls[0]!, ISSUER);
  async function signedIn() {
    const [{ email }, at] = [await identity.account(), browser()];
    const page = await at.open('/account/sign-in');
    await at.submit(page, '/account/sign-in', { email, password: PASSWORD });
    return { email, at };
  }

  it('are the time to set a second factor up: later nobody does who only finds a browser open', async () => {
    const { email, at } = await signedIn();
    const shown = await at.open('/account/two-factor');
    pass(10 * MINUTE);
    const { html } = await at.open('/account/two-factor');
    expect(html).toContain('sign in once more');
    expect(html).not.toContain('class="qr"');
    expect((await enrol(at, shown)).recoveryCodes).toEqual([]);
    const code = await (await shop()).authorize(email);
    expect(code.code).toEqual(expect.any(String));
  });

  it('do not begin anew with the second factor, and the sign-in is what it was', async () => {
    const { email, at } = await signedIn();
    const signedInAt = Math.floor(Date.now() / 1_000);
    const device = await addPasskey(at);
    const client = await shop();
    pass(9 * MINUTE);
    await enrol(at);
    const code = await client.authorize(email, { prompt: 'consent', max_age: '3600' }, at);
    const { auth_time, amr } = claimsOf((await client.redeem(code)).body.id_token!);
    expect(auth_time).toBeLessThanOrEqual(signedInAt);
    expect(amr).toEqual(['pwd', 'otp', 'mfa']);
    pass(10 * MINUTE);
    expect((await at.open('/account/passkeys')).html).toContain('sign in once more');
    expect((await signInByPasskey(at, device)).url.pathname).toBe('/account');
    expect((await at.open('/account/passkeys')).html).not.toContain('sign in once more');
  });
});
