import { AppError } from '@flotilla/contracts/errors';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';
import { CredentialStrategy } from './credential-strategy.js';
import { credentialOf } from './credentials.js';
import { KeyVerifier } from './key-verifier.js';

/** `X-API-Key: sk_…`, or the same as a Bearer token. */
@Injectable()
export class ApiKeyStrategy extends CredentialStrategy {
  constructor(private readonly keys: KeyVerifier) {
    super();
  }

  protected async identify(request: FastifyRequest): Promise<Caller | undefined> {
    const credential = credentialOf(request);
    if (credential?.kind !== 'api-key') return undefined;
    const { record, networks } = await this.keys.verify(credential.key, request.edge.beforeLookUp);
    if (networks && !networks.include(request.ip)) {
      throw new AppError('address-not-allowed', 'This key does not work from this address.');
    }
    const { keyId, userId, mode, permissions, rateLimit, quota } = record;
    return { actor: { userId, keyId, mode, permissions }, rateLimit, quota };
  }
}
