import { hash } from 'node:crypto';
import { CLIENT_KEY_ALGORITHMS } from '@flotilla/contracts/oauth-scopes';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { calculateJwkThumbprint, EmbeddedJWK, errors, jwtVerify } from 'jose';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { unauthenticated } from './credentials.js';
import { UsedProofs } from './used-proofs.js';

/** How old a proof may be, and how far ahead the clock of a client may be. */
const AGE_S = 60;
const AHEAD_S = 10;
const GOOD_MS = (AGE_S + AHEAD_S) * 1_000;

interface ProofClaims {
  htm?: unknown;
  htu?: unknown;
  ath?: unknown;
}

/** Proofs that the sender of a token holds the key that it is bound to (RFC 9449). */
@Injectable()
export class DpopProofs {
  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
    private readonly used: UsedProofs,
  ) {}

  /**
   * Demands the proof of a request for a token that is bound to the key with this thumbprint (RFC 7638).
   * @throws AppError `unauthenticated` for a proof that is missing, no good (RFC 9449 §4.3) or was used before
   */
  async demand(request: FastifyRequest, token: string, thumbprint: string): Promise<void> {
    const proof = request.headers['dpop'];
    if (typeof proof !== 'string') throw unauthenticated();
    try {
      const { payload, protectedHeader } = await jwtVerify<ProofClaims>(proof, EmbeddedJWK, {
        typ: 'dpop+jwt',
        algorithms: [...CLIENT_KEY_ALGORITHMS],
        requiredClaims: ['jti', 'iat', 'htm', 'htu', 'ath'],
      });
      const age = Date.now() / 1_000 - payload.iat!;
      const good =
        payload.htm === request.method &&
        sameAddress(payload.htu, this.config.publicUrl + request.originalUrl) &&
        payload.ath === hash('sha256', token, 'base64url') &&
        age <= AGE_S &&
        age >= -AHEAD_S &&
        (await calculateJwkThumbprint(protectedHeader.jwk!)) === thumbprint;
      const id = hash('sha256', `${thumbprint} ${payload.jti}`);
      if (!good || !(await this.used.useOnce(id, GOOD_MS))) throw unauthenticated();
    } catch (error) {
      // jose tells of what is wrong with a key by a TypeError.
      if (error instanceof errors.JOSEError || error instanceof TypeError) throw unauthenticated();
      throw error;
    }
  }
}

/** RFC 9449 §4.3: without query and fragment, after normalisation (RFC 3986 §6.2.2). */
function sameAddress(claimed: unknown, actual: string): boolean {
  if (typeof claimed !== 'string' || !URL.canParse(claimed)) return false;
  const [one, other] = [new URL(claimed), new URL(actual)];
  return one.origin === other.origin && one.pathname === other.pathname;
}
