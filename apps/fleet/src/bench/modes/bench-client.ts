import { setTimeout as sleep } from 'node:timers/promises';
import type { Permission } from '@flotilla/contracts/actor';
import type { OAuthClientWithSecret } from '@flotilla/contracts/oauth-clients';
import type { Target } from '../target.js';

const MOST_ATTEMPTS = 20;
const RETRY_MS = 500;

/** An OAuth client of the bench's own, which speaks for the owner of the fleet's key. */
export class BenchClient {
  private constructor(
    private readonly target: Target,
    readonly clientId: string,
    readonly clientSecret: string,
  ) {}

  static async register(target: Target, scope: Permission): Promise<BenchClient> {
    const client = await target.create<OAuthClientWithSecret>('/api/oauth-clients', {
      clientName: `Bench ${target.run}`,
      grantTypes: ['client_credentials'],
      scopes: [scope],
    });
    return new BenchClient(target, client.clientId, client.clientSecret!);
  }

  /** A new one; asked for again where a load has just been, from which a slow machine may still have to recover. */
  async accessToken(): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(new URL('/oauth/token', this.target.fleet.url), {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${this.clientId}:${this.clientSecret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      const { access_token: token } = (await response.json()) as { access_token?: string };
      if (token !== undefined) return token;
      if (response.status < 500 || attempt === MOST_ATTEMPTS)
        throw new Error(`no access token: ${response.status}`);
      await sleep(RETRY_MS, undefined, { signal: this.target.signal });
    }
  }

  async remove(): Promise<void> {
    const path = `/api/oauth-clients/${this.clientId}`;
    await this.target.gateway.request(path, { method: 'DELETE' });
  }
}
