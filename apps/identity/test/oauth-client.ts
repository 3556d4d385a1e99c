import { createHash, randomBytes } from 'node:crypto';
import type { OAuthClientWithSecret } from '@flotilla/contracts/oauth-clients';
import { Browser, type Visited } from '@flotilla/testing/browser';
import { ISSUER, PASSWORD, REDIRECT_URI } from './identity-under-test.js';

/** What endpoints of OAuth say, each a part of it (RFC 6749 §5, RFC 7662 §2.2, RFC 8628 §3.2, RFC 9126 §2.2). */
export interface OAuthBody extends Record<string, unknown> {
  error?: string;
  access_token?: string;
  refresh_token?: string;
  id_token?: string;
  scope?: string;
  active?: boolean;
  device_code?: string;
  user_code?: string;
  verification_uri?: string;
  request_uri?: string;
}

/** An answer of an endpoint of OAuth. */
export interface OAuthAnswer {
  status: number;
  headers: Headers;
  body: OAuthBody;
}

/** A code that was handed out, with what it takes to redeem it. */
export interface Code {
  code: string;
  verifier: string;
}

/** A client of OAuth that is written out by hand, so that it can also do what no good client does. */
export class OAuthClient {
  constructor(
    private readonly url: string,
    readonly registered: Pick<OAuthClientWithSecret, 'clientId' | 'clientSecret'>,
  ) {}

  /** The same client at another replica. */
  at(url: string): OAuthClient {
    return new OAuthClient(url, this.registered);
  }

  /** Posts a form to an endpoint below `/oauth`, authenticated by the secret unless `headers` say otherwise. */
  async post(
    endpoint: string,
    form: Record<string, string | string[]>,
    headers: Record<string, string> = this.basic(),
  ): Promise<OAuthAnswer> {
    const response = await fetch(`${this.url}/oauth/${endpoint}`, {
      method: 'POST',
      headers,
      body: encoded(form),
      redirect: 'manual',
    });
    return answerOf(response);
  }

  /** Asks an endpoint below `/oauth` by its query, as nobody unless `headers` say otherwise. */
  async get(
    endpoint: string,
    query: Record<string, string | string[]> = {},
    headers: Record<string, string> = {},
  ): Promise<OAuthAnswer> {
    const address = this.url + this.address(endpoint, query);
    return answerOf(await fetch(address, { headers, redirect: 'manual' }));
  }

  address(endpoint: string, query: Record<string, string | string[]>): string {
    return `/oauth/${endpoint}?${encoded(query)}`;
  }

  userinfo(accessToken: string, headers: Record<string, string> = {}): Promise<OAuthAnswer> {
    return this.get('userinfo', {}, { authorization: `Bearer ${accessToken}`, ...headers });
  }

  /** `client_secret_basic`; nothing for a client without a secret. */
  basic(): Record<string, string> {
    const { clientId, clientSecret } = this.registered;
    if (!clientSecret) return {};
    const pair = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`);
    return { authorization: `Basic ${pair.toString('base64')}` };
  }

  /** What a client without a secret says of itself. */
  private identification(): Record<string, string> {
    const { clientId, clientSecret } = this.registered;
    return clientSecret ? {} : { client_id: clientId };
  }

  /** The address of an authorization request; a parameter of undefined is left out. */
  authorizeUrl(over: Record<string, string | undefined> = {}): string {
    const params = {
      client_id: this.registered.clientId,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid email offline_access orders:read',
      state: 'state-17',
      ...over,
    };
    const given = Object.entries(params).filter(([, value]) => value !== undefined);
    return `/oauth/authorize?${new URLSearchParams(given as [string, string][])}`;
  }

  /** Signs somebody in, agrees to everything, and comes back with a code. */
  async authorize(
    email: string,
    over: Record<string, string | undefined> = {},
    browser = new Browser(this.url, ISSUER),
  ): Promise<Code> {
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
    const end = await signIn(
      browser,
      await browser.open(this.authorizeUrl({ ...pkce, ...over })),
      email,
    );
    const code = end.url.searchParams.get('code');
    if (!code) throw new Error(`no code, but ${end.status} ${end.url} ${end.html}`);
    return { code, verifier };
  }

  redeem(
    { code, verifier }: Code,
    over: Record<string, string> = {},
    headers = this.basic(),
  ): Promise<OAuthAnswer> {
    const form = {
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: REDIRECT_URI,
      ...this.identification(),
      ...over,
    };
    return this.post('token', form, headers);
  }

  refresh(refreshToken: string, over: Record<string, string> = {}): Promise<OAuthAnswer> {
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
    return this.post('token', { ...form, ...this.identification(), ...over });
  }
}

/** Goes through the pages of an authorization request until the browser is sent away. */
export async function signIn(browser: Browser, first: Visited, email: string): Promise<Visited> {
  let page = first;
  if (page.html.includes('/sign-in"'))
    page = await browser.submit(page, '/sign-in', { email, password: PASSWORD });
  if (page.html.includes('/consent"'))
    page = await browser.submit(page, '/consent', { decision: 'agree' });
  return page;
}

/** A list is a parameter that is there more than once. */
function encoded(form: Record<string, string | string[]>): URLSearchParams {
  const pairs = Object.entries(form).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  return new URLSearchParams(pairs);
}

async function answerOf(response: Response): Promise<OAuthAnswer> {
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? (JSON.parse(text) as OAuthBody) : { text },
  };
}

/** What a JWT says, unchecked. */
export function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as Record<
    string,
    unknown
  >;
}
