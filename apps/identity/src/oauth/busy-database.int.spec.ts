import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser, type Visited } from '@flotilla/testing/browser';
import {
  type IdentityUnderTest,
  identityUnderTest,
  ISSUER,
  PASSWORD,
  REDIRECT_URI,
} from '../../test/identity-under-test.js';
import { type Code, OAuthClient } from '../../test/oauth-client.js';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code' as const;
const PKCE = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };

let identity: IdentityUnderTest;
beforeAll(async () => {
  // All steps wait at the same time: it is the lock that they wait for, and not a connection.
  identity = await identityUnderTest({ env: { POOL_MAX: '40' } });
}, 60_000);
afterAll(() => identity.close());

const browser = () => new Browser(identity.urls[0]!, ISSUER);

/** What waits for its next step. */
interface Waiting {
  client: OAuthClient;
  code: Code;
  refreshToken: string;
  accessToken: string;
  email: string;
  signIn: { at: Browser; page: Visited };
  consent: { at: Browser; page: Visited };
  refusal: { at: Browser; page: Visited };
  own: { at: Browser; page: Visited };
  signOut: { at: Browser; page: Visited };
  device: { at: Browser; page: Visited; userCode: string };
}

async function begin(): Promise<Waiting> {
  const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials', DEVICE] as const;
  const client = new OAuthClient(
    identity.urls[0]!,
    await identity.client({ grantTypes: [...grantTypes] }),
  );
  const { email } = await identity.account();
  const own = browser();
  const { body } = await client.redeem(await client.authorize(email, {}, own));
  const signIn = browser();
  const asked = async () => {
    const at = browser();
    const page = await at.open(client.authorizeUrl(PKCE));
    return { at, page: await at.submit(page, '/sign-in', { email, password: PASSWORD }) };
  };
  const device = browser();
  const shown = await client.post('device', { scope: 'openid' });
  return {
    client,
    email,
    code: await client.authorize(email),
    refreshToken: body.refresh_token!,
    accessToken: body.access_token!,
    signIn: { at: signIn, page: await signIn.open(client.authorizeUrl(PKCE)) },
    consent: await asked(),
    refusal: await asked(),
    own: { at: own, page: await own.open('/account') },
    signOut: { at: own, page: await own.open('/oauth/logout') },
    device: {
      at: device,
      page: await device.open('/oauth/device/verify'),
      userCode: shown.body.user_code!,
    },
  };
}

/** The next step of everything. */
const STEPS: Record<string, (waiting: Waiting) => Promise<{ status: number }>> = {
  'redeeming a code': ({ client, code }) => client.redeem(code),
  refreshing: ({ client, refreshToken }) => client.refresh(refreshToken),
  'client credentials': ({ client }) => client.post('token', { grant_type: 'client_credentials' }),
  'pushing a request': ({ client }) =>
    client.post('par', {
      ...PKCE,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'openid',
    }),
  'asking for a device': ({ client }) => client.post('device', { scope: 'openid' }),
  introspection: ({ client, accessToken }) => client.post('introspect', { token: accessToken }),
  userinfo: ({ client, accessToken }) => client.userinfo(accessToken),
  revocation: ({ client, accessToken }) => client.post('revoke', { token: accessToken }),
  'an authorization request': ({ client }) => browser().open(client.authorizeUrl(PKCE)),
  'one that goes on by itself': ({ client, own }) => own.at.open(client.authorizeUrl(PKCE)),
  'signing in': ({ signIn: { at, page }, email }) =>
    at.submit(page, '/sign-in', { email, password: PASSWORD }),
  agreeing: ({ consent: { at, page } }) => at.submit(page, '/consent', { decision: 'agree' }),
  'not agreeing': ({ refusal: { at, page } }) => at.submit(page, '/consent', { decision: 'deny' }),
  'the own account': ({ own: { at } }) => at.open('/account/grants'),
  'a second factor': ({ own: { at } }) => at.open('/account/two-factor'),
  'signing out': ({ signOut: { at, page } }) =>
    at.submit(page, '/logout/confirm', { logout: 'yes' }),
  'the code of a device': ({ device: { at, page, userCode } }) =>
    at.submit(page, '/device/verify', { user_code: userCode }),
};

describe.each([
  'oauth_records',
  'oauth_clients',
  'accounts',
  'audit.events',
  'attempt_counters',
  'second_factors',
  'known_devices',
])('while %s is locked', (table) => {
  it('everything answers, and says that it is to be tried again', async () => {
    const waiting = await begin();
    const lock = await identity.database.pool().connect();
    try {
      await lock.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      const steps = Object.entries(STEPS).map(async ([step, act]) => {
        const { status } = await act(waiting);
        return status >= 500 ? [`${step}: ${status}`] : [];
      });
      const answers = (await Promise.all(steps)).flat();
      expect(answers).toEqual(answers.map((answer) => answer.replace(/\d+$/, '503')));
      expect(answers).not.toEqual([]);
    } finally {
      await lock.query('ROLLBACK');
      lock.release();
    }
  }, 120_000);
});
