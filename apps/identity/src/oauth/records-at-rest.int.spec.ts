import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from '@flotilla/testing/browser';
import {
  type IdentityUnderTest,
  identityUnderTest,
  ISSUER,
} from '../../test/identity-under-test.js';
import { OAuthClient, signIn } from '../../test/oauth-client.js';

let identity: IdentityUnderTest;

beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());

/** Every value of every table, as text and as the bytes that it may be in. */
async function everything(): Promise<string> {
  const pool = identity.database.pool();
  const tables = await pool.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  let text = '';
  for (const { name } of tables.rows) {
    const { rows } = await pool.query<Record<string, unknown>>(`SELECT * FROM "${name}"`);
    for (const value of rows.flatMap((row) => Object.values(row))) {
      text += Buffer.isBuffer(value) ? value.toString('latin1') : `${JSON.stringify(value)}\n`;
    }
  }
  return text;
}

describe('a copy of the database', () => {
  it('holds nothing, at any point of a sign-in, that a thief could show to anybody', async () => {
    const client = new OAuthClient(identity.urls[0]!, await identity.client());
    const person = await identity.account();
    const browser = new Browser(identity.urls[0]!, ISSUER);

    const { body: pushed } = await client.post('par', {
      client_id: client.registered.clientId,
      response_type: 'code',
      redirect_uri: 'https://shop.example/callback',
      scope: 'openid offline_access orders:read',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    });
    const requestUri = pushed.request_uri as string;
    const parHandle = requestUri.split(':').at(-1)!;
    const address = `/oauth/authorize?client_id=${client.registered.clientId}&request_uri=${encodeURIComponent(requestUri)}`;
    const page = await browser.open(address);
    const interaction = page.url.pathname.split('/').at(-1)!;
    let stored = await everything();
    const halfway = [parHandle, interaction, ...browser.secrets()];
    expect(halfway.filter((secret) => stored.includes(secret))).toEqual([]);

    const end = await signIn(browser, page, person.email);
    expect(end.url.searchParams.get('code')).toEqual(expect.any(String));
    const code = await client.authorize(person.email);
    const { body: device } = await new OAuthClient(
      identity.urls[0]!,
      await identity.client({
        grantTypes: ['urn:ietf:params:oauth:grant-type:device_code'],
        redirectUris: [],
      }),
    ).post('device', { scope: 'openid' });
    const unused = await client.authorize(person.email);
    const { body: tokens } = await client.redeem(code);
    const { body: opaque } = await client.redeem(
      await client.authorize(person.email, { scope: 'openid email' }),
    );
    stored = await everything();
    const live = {
      unusedCode: unused.code,
      usedCode: code.code,
      redirectedCode: end.url.searchParams.get('code')!,
      refreshToken: tokens.refresh_token as string,
      accessToken: tokens.access_token as string,
      opaqueAccessToken: opaque.access_token as string,
      clientSecret: client.registered.clientSecret!,
      deviceCode: device.device_code as string,
      userCode: device.user_code as string,
      typedUserCode: (device.user_code as string).replaceAll('-', ''),
    };
    for (const secret of browser.secrets()) expect(stored).not.toContain(secret);
    const leaked = Object.entries(live).filter(([, secret]) => stored.includes(secret));
    expect(leaked).toEqual([]);
    expect(Object.values(live).every((secret) => secret.length >= 8)).toBe(true);
  });

  it('holds no private signing key', async () => {
    const { rows } = await identity.database.pool().query('SELECT * FROM signing_keys');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows[0])).not.toContain('"d"');
    expect(await everything()).not.toContain('PRIVATE');
  });
});
