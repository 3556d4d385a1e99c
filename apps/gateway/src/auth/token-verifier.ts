import { hash } from 'node:crypto';
import { Revocations } from '@flotilla/revocation/revocations';
import { Metrics } from '@flotilla/runtime/metrics';
import { Inject, Injectable } from '@nestjs/common';
import { errors } from 'jose';
import { LRUCache } from 'lru-cache';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import {
  type AccessToken,
  readAccessToken,
  stillHolds,
  type TokenAudience,
} from './access-token.js';
import { unauthenticated } from './credentials.js';
import { SigningKeys } from './signing-keys.js';

const FEEDS = ['identity'];
/** About 1.5 KB each. */
const MAX_KNOWN = 20_000;

/** Verifies access tokens: each signature once, and for every request whether the token still holds. */
@Injectable()
export class TokenVerifier {
  private readonly known = new LRUCache<string, AccessToken>({ max: MAX_KNOWN });
  private readonly expected: TokenAudience;
  private readonly outcomes;

  constructor(
    private readonly revocations: Revocations,
    private readonly keys: SigningKeys,
    @Inject(GATEWAY_CONFIG) { publicUrl }: GatewayConfig,
    metrics: Metrics,
  ) {
    this.expected = { issuer: publicUrl, audience: `${publicUrl}/api` };
    this.outcomes = metrics.counter(
      'token_verifications_total',
      'Access tokens, by what was found out of them',
      ['outcome'],
    );
  }

  /** @throws AppError `unauthenticated` for a token that is no good; `unavailable` when nobody can tell */
  async verify(token: string): Promise<AccessToken> {
    const id = hash('sha256', token);
    const read = this.known.get(id) ?? (await this.read(token, id));
    while (!this.revocations.areCurrent(FEEDS)) await this.revocations.renew(FEEDS);
    // From here to the return nothing can come between.
    const holds = stillHolds(read, this.revocations.memory, Date.now());
    this.outcomes.inc({ outcome: holds ? 'good' : 'over' });
    if (holds) return read;
    this.known.delete(id);
    throw unauthenticated();
  }

  private async read(token: string, id: string): Promise<AccessToken> {
    try {
      const read = await readAccessToken(token, this.keys, this.expected);
      this.known.set(id, read);
      return read;
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      this.outcomes.inc({ outcome: error.code });
      throw unauthenticated();
    }
  }
}
