import { GetSigningKeys } from '@flotilla/contracts/signing-keys';
import { Injectable } from '@nestjs/common';
import {
  createLocalJWKSet,
  type CryptoKey,
  errors,
  type FlattenedJWSInput,
  type JWTHeaderParameters,
} from 'jose';
import { FleetClient } from '../clients/fleet-client.js';

/** However many unknown keys are named, identity is asked this often at most. */
const ASK_EVERY_MS = 1_000;
/** Keys that are withdrawn are forgotten by then. */
const KEPT_MS = 5 * 60_000;

/** The keys that access tokens are signed with, as identity publishes them. */
@Injectable()
export class SigningKeys {
  private keySet?: ReturnType<typeof createLocalJWKSet>;
  private askedAt = -Infinity;
  private asking?: Promise<void>;

  constructor(private readonly fleet: FleetClient) {}

  /**
   * The key that a token names; asks identity once more when it is not known.
   * @throws JWKSNoMatchingKey when there is none; AppError `unavailable` when identity cannot be asked
   */
  readonly find = async (
    header: JWTHeaderParameters,
    token: FlattenedJWSInput,
  ): Promise<CryptoKey> => {
    if (!this.keySet || performance.now() - this.askedAt > KEPT_MS) await this.ask();
    try {
      return await this.keySet!(header, token);
    } catch (error) {
      const mayBeNew = performance.now() - this.askedAt > ASK_EVERY_MS;
      if (!(error instanceof errors.JWKSNoMatchingKey && mayBeNew)) throw error;
    }
    await this.ask();
    return await this.keySet!(header, token);
  };

  private ask(): Promise<void> {
    this.asking ??= this.fetch().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async fetch(): Promise<void> {
    const { keys } = await this.fleet.call(GetSigningKeys, {});
    this.keySet = createLocalJWKSet({ keys });
    this.askedAt = performance.now();
  }
}
