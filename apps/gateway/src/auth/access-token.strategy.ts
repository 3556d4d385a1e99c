import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';
import { CredentialStrategy } from './credential-strategy.js';
import { credentialOf, unauthenticated } from './credentials.js';
import { DpopProofs } from './dpop-proofs.js';
import { TokenVerifier } from './token-verifier.js';

/** `Authorization: Bearer <JWT>`, or `DPoP <JWT>` with a proof for a token that is bound to a key. */
@Injectable()
export class AccessTokenStrategy extends CredentialStrategy {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly proofs: DpopProofs,
  ) {
    super();
  }

  protected async identify(request: FastifyRequest): Promise<Caller | undefined> {
    const credential = credentialOf(request);
    if (credential?.kind !== 'token') return undefined;
    const { scheme, token } = credential;
    const { actor, claims } = await this.tokens.verify(token);
    const boundTo = claims.cnf?.jkt;
    // RFC 9449 §7.1: a bound token is no Bearer token, or whoever finds it could use it; and the other way round.
    if ((scheme === 'DPoP') !== (boundTo !== undefined)) throw unauthenticated();
    if (boundTo !== undefined) await this.proofs.demand(request, token, boundTo);
    return { actor, rateLimit: null, quota: null };
  }
}
