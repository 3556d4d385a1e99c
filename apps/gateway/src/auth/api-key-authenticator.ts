import type { Actor } from '@flotilla/contracts/actor';
import { AuthenticateKey } from '@flotilla/contracts/api-keys';
import { Injectable } from '@nestjs/common';
import { hash } from 'node:crypto';
import { FleetClient } from '../clients/fleet-client.js';
import { unauthenticated } from './credentials.js';

/** Asks, for every request anew, whom a key speaks for, so that a revoked key is refused from that moment on. */
@Injectable()
export class ApiKeyAuthenticator {
  constructor(private readonly fleet: FleetClient) {}

  /**
   * The actor of a well-formed key. Only the hash of the key leaves the process.
   * @throws AppError `unauthenticated` for a key that is unknown, revoked or expired; `unavailable` when nobody can tell
   */
  async authenticate(key: string): Promise<Actor> {
    const { actor } = await this.fleet.call(AuthenticateKey, { hash: hash('sha256', key) });
    if (!actor) throw unauthenticated();
    return actor;
  }
}
