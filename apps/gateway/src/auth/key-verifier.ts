import { hash } from 'node:crypto';
import { isWellFormedKey } from '@flotilla/contracts/api-key-format';
import { AuthenticateKey, type KeyRecord } from '@flotilla/contracts/api-keys';
import { AppError } from '@flotilla/contracts/errors';
import { Revocations } from '@flotilla/revocation/revocations';
import { Metrics } from '@flotilla/runtime/metrics';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { FleetClient } from '../clients/fleet-client.js';
import { AllowedNetworks } from './allowed-networks.js';
import { unauthenticated } from './credentials.js';

/** api-keys for the key, identity for its owner. */
const FEEDS = ['identity', 'api-keys'];
/** About 0.5 KB each. */
const MAX_KNOWN = 100_000;
/** Long before the revocation memory forgets what would have outdated a record. */
const KNOWN_MS = 10 * 60_000;
/** Apart from the others, so that guesses push no good key out; few, because no guess comes twice. */
const MAX_UNKNOWN = 10_000;
const UNKNOWN_MS = 5_000;
const ATTEMPTS = 3;

/** A key that is good, and the networks it works from, if not from all. */
export interface VerifiedKey {
  record: KeyRecord;
  networks: AllowedNetworks | null;
}

/** What was learnt of a key. Marks date it in the revocation memory. */
interface Known extends VerifiedKey {
  mark: number;
  expiresAtMs: number;
  forgetAtMs: number;
}

/** An answer of api-keys, and when in the order of revocations it was asked for. */
interface LookUp {
  record: KeyRecord | null;
  mark: number;
}

/**
 * Whom a key speaks for, out of memory when it is known there. What is in memory counts only while the revocation feeds are
 * current and say nothing newer of the key or its owner; and that is asked last, so that no slow answer brings back a key
 * that was revoked meanwhile.
 */
@Injectable()
export class KeyVerifier {
  private readonly known = new LRUCache<string, Known>({ max: MAX_KNOWN });
  private readonly unknown = new LRUCache<string, number>({ max: MAX_UNKNOWN, ttl: UNKNOWN_MS });
  private readonly lookUps = new Map<string, Promise<LookUp>>();
  private readonly outcomes;
  private readonly warm;

  constructor(
    private readonly revocations: Revocations,
    private readonly fleet: FleetClient,
    metrics: Metrics,
  ) {
    this.outcomes = metrics.counter(
      'key_verifications_total',
      'API keys, by how it was found out whom they speak for',
      ['outcome'],
    );
    this.warm = this.outcomes.labels({ outcome: 'warm' });
    metrics.gauge('key_cache_entries', 'API keys in memory', [], () => this.known.size);
  }

  /**
   * The record of a key. Only the hash of the key leaves the process; `beforeLookUp` may throw to keep it from leaving.
   * @throws AppError `unauthenticated` for a key that is malformed, unknown, revoked or expired; `unavailable` when nobody can tell
   */
  async verify(key: string, beforeLookUp?: () => void): Promise<VerifiedKey> {
    if (!isWellFormedKey(key)) {
      this.outcomes.inc({ outcome: 'malformed' });
      throw unauthenticated();
    }
    const keyHash = hash('sha256', key);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      if (!this.revocations.areCurrent(FEEDS)) await this.revocations.renew(FEEDS);
      if (!this.revocations.areCurrent(FEEDS)) continue;
      // From here to the return nothing can come between.
      const known = this.recall(keyHash);
      if (known) {
        if (attempt === 1) this.warm.inc();
        else this.outcomes.inc({ outcome: 'looked-up' });
        return known;
      }
      if (this.isUnknown(keyHash)) throw this.refusal('unknown-still');
      beforeLookUp?.();
      const { record: found, mark } = await this.lookUp(keyHash);
      // What somebody else had asked before this request came may be older than the key.
      const isAnswer = attempt > 1 || mark === this.revocations.memory.mark;
      if (!found && isAnswer) throw this.refusal('unknown');
    }
    throw new AppError('unavailable', 'Whom this key speaks for cannot be told now.', {
      details: { retryAfterSeconds: 1 },
    });
  }

  /** The record, if it is known and still holds. */
  private recall(keyHash: string): VerifiedKey | undefined {
    const known = this.known.get(keyHash);
    if (!known) return undefined;
    const { record, mark, expiresAtMs, forgetAtMs } = known;
    const { memory } = this.revocations;
    if (
      memory.changedSince(mark, 'api-key', record.keyId) ||
      memory.changedSince(mark, 'user', record.userId) ||
      performance.now() >= forgetAtMs
    ) {
      this.known.delete(keyHash);
      return undefined;
    }
    if (Date.now() >= expiresAtMs) throw this.refusal('expired');
    return known;
  }

  /** A key may come about at any time, but not without an entry in the feed. */
  private isUnknown(keyHash: string): boolean {
    return this.unknown.get(keyHash) === this.revocations.memory.mark;
  }

  /** One question at a time for a key, however many wait for the answer. */
  private lookUp(keyHash: string): Promise<LookUp> {
    const running = this.lookUps.get(keyHash);
    if (running) return running;
    const started = this.ask(keyHash).finally(() => this.lookUps.delete(keyHash));
    this.lookUps.set(keyHash, started);
    return started;
  }

  private async ask(keyHash: string): Promise<LookUp> {
    const { mark } = this.revocations.memory;
    const { key: record } = await this.fleet.call(AuthenticateKey, { hash: keyHash });
    if (record) {
      this.known.set(keyHash, {
        record,
        networks: record.allowedIps && new AllowedNetworks(record.allowedIps),
        mark,
        expiresAtMs: record.expiresAt === null ? Infinity : Date.parse(record.expiresAt),
        forgetAtMs: performance.now() + KNOWN_MS,
      });
    } else {
      this.unknown.set(keyHash, mark);
    }
    return { record, mark };
  }

  private refusal(outcome: string): AppError<'unauthenticated'> {
    this.outcomes.inc({ outcome });
    return unauthenticated();
  }
}
