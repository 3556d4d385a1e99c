import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type IdentityUnderTest, identityUnderTest } from '../../test/identity-under-test.js';
import { OAuthClient } from '../../test/oauth-client.js';
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
