import type { LoadAnswer, LoadConnection } from '../load/connection.js';
import type { Load } from '../load/load.js';

/** What is asked of identity, or of the gateway that trusts it. */
export type IdentitySettings =
  | { kind: 'tokens'; clientId: string; clientSecret: string }
  | { kind: 'sign-ins'; emails: readonly string[]; password: string }
  /** A public read, with an access token or without. */
  | { kind: 'reads'; path: string; accessToken?: string };

/** Asks for one thing again and again. */
export class IdentityLoad implements Load {
  readonly bringsCredentials = true;
  private count = 0;

  constructor(private readonly settings: IdentitySettings) {}

  async operate(gateway: LoadConnection): Promise<void> {
    const { settings } = this;
    switch (settings.kind) {
      case 'tokens':
        return this.askForToken(gateway, settings);
      case 'sign-ins':
        return this.signIn(gateway, settings);
      case 'reads':
        return this.read(gateway, settings);
    }
  }

  private async askForToken(
    gateway: LoadConnection,
    { clientId, clientSecret }: Extract<IdentitySettings, { kind: 'tokens' }>,
  ): Promise<void> {
    const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
    const form = { grant_type: 'client_credentials' };
    expect(200, await gateway.postForm('/oauth/token', { authorization }, form));
  }

  /** As a browser does: the page, and its form. */
  private async signIn(
    gateway: LoadConnection,
    { emails, password }: Extract<IdentitySettings, { kind: 'sign-ins' }>,
  ): Promise<void> {
    const email = emails[this.count++ % emails.length]!;
    const page = await gateway.get('/account/sign-in');
    expect(200, page);
    const cookie = page.header('set-cookie')?.split(';')[0] ?? '';
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body())?.[1] ?? '';
    const form = { csrf, email, password };
    expect(303, await gateway.postForm('/account/sign-in', { cookie }, form));
  }

  private async read(
    gateway: LoadConnection,
    { path, accessToken }: Extract<IdentitySettings, { kind: 'reads' }>,
  ): Promise<void> {
    const headers = accessToken ? { authorization: `Bearer ${accessToken}` } : undefined;
    expect(200, await gateway.get(path, headers));
  }
}

function expect(status: number, answer: LoadAnswer): void {
  if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}`);
}
