import { randomBytes } from 'node:crypto';
import type { PublicJwk, RotatedSigningKey } from '@flotilla/contracts/signing-keys';
import { currentContext } from '@flotilla/runtime/request-context';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Inject, Injectable } from '@nestjs/common';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { AuditLog, SYSTEM } from '../audit/audit-log.js';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import type { SealedColumn } from '../sealed-column.js';
import { Sealing } from '../sealing.js';

/** As long as a session lasts: clients show ID tokens of its beginning at its end (RP-initiated logout). */
const VERIFIES_FOR = "interval '14 days'";
/** Any number, as long as nobody else in this database takes the same. */
const ROTATION_LOCK = 1_769_000_100;

export const SEALED_SIGNING_KEYS: SealedColumn = {
  table: 'signing_keys',
  column: 'private_key',
  key: ['kid'],
  placeOf: ({ kid }) => placeOf(kid as string),
};

interface SigningKeyRow {
  kid: string;
  public_jwk: PublicJwk;
  private_key: Buffer;
  signs_from: Date;
}

/** Private keys, the one that signs first. */
export type PrivateJwk = PublicJwk & { d: string };

/**
 * The keys that tokens are signed with (ES256, RFC 7518 §3.4). Each is published before it signs, signs until the next
 * one does, and verifies for as long as something signed by it may be shown. The database's clock decides for all replicas.
 */
@Injectable()
export class SigningKeys {
  constructor(
    private readonly database: Database,
    private readonly sealing: Sealing,
    private readonly audit: AuditLog,
    @Inject(IDENTITY_CONFIG) private readonly config: IdentityConfig,
  ) {}

  /** All keys that are published, those that sign before those that will. */
  async published(): Promise<PublicJwk[]> {
    return (await this.rows()).map((row) => row.public_jwk);
  }

  /**
   * The same with their private parts, the one that signs now first.
   * @throws Error when a key cannot be opened with the configured sealing keys
   */
  async forSigning(): Promise<PrivateJwk[]> {
    const keys = await this.rows();
    return keys.map((row) => {
      const d = this.sealing.open(placeOf(row.kid), row.private_key);
      if (!d) throw new Error(`No sealing key opens signing key ${row.kid}`);
      return { ...row.public_jwk, d: d.toString() };
    });
  }

  /** Makes the first key, or a successor for one that is old enough; one replica does. Removes keys that verify no more. */
  async keepFresh(): Promise<void> {
    await this.database.transaction(async (tx) => {
      await lock(tx);
      const [newest] = await tx.rows<{ old: boolean }>(
        `SELECT created_at < now() - make_interval(days => $1) AS old FROM signing_keys ORDER BY signs_from DESC LIMIT 1`,
        [this.config.signingKeyDays],
      );
      if (!newest) await this.insert(tx, 0);
      else if (newest.old) await this.insert(tx, this.config.signingKeyLeadMs);
      await tx.rows(
        `DELETE FROM signing_keys WHERE signs_from < (
           SELECT max(signs_from) FROM signing_keys WHERE signs_from < now() - ${VERIFIES_FOR})`,
      );
    });
  }

  /** Publishes a new key, which signs as soon as everybody can know it. */
  rotate(): Promise<RotatedSigningKey> {
    return this.database.transaction(async (tx) => {
      await lock(tx);
      return this.insert(tx, this.config.signingKeyLeadMs);
    });
  }

  private async insert(tx: Transaction, leadMs: number): Promise<RotatedSigningKey> {
    const kid = randomBytes(9).toString('base64url');
    const { publicJwk, d } = await newKeyPair(kid);
    const [row] = await tx.rows<{ signs_from: Date }>(
      `INSERT INTO signing_keys (kid, public_jwk, private_key, signs_from)
       VALUES ($1, $2, $3, now() + make_interval(secs => $4)) RETURNING signs_from`,
      [kid, publicJwk, this.sealing.seal(placeOf(kid), Buffer.from(d)), leadMs / 1000],
    );
    await this.audit.record(tx, {
      type: 'signing-keys.rotated',
      outcome: 'success',
      actor: currentContext()?.actor?.userId ?? SYSTEM,
      details: { kid },
    });
    return { kid, signsFrom: row!.signs_from.toISOString() };
  }

  private rows(): Promise<SigningKeyRow[]> {
    return this.database.rows<SigningKeyRow>(
      `SELECT kid, public_jwk, private_key, signs_from FROM signing_keys
       ORDER BY signs_from <= now() DESC, abs(extract(epoch FROM signs_from - now()))`,
    );
  }
}

async function newKeyPair(kid: string): Promise<{ publicJwk: PublicJwk; d: string }> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const { x, y, d } = (await exportJWK(privateKey)) as Required<JWK>;
  return { publicJwk: { kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' }, d };
}

async function lock(tx: Transaction): Promise<void> {
  await tx.rows('SELECT pg_advisory_xact_lock($1)', [ROTATION_LOCK]);
}

function placeOf(kid: string): string {
  return `signing-key:${kid}`;
}
