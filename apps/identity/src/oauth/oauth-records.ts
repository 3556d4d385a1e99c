import { hash } from 'node:crypto';
import { type Id, toUuid } from '@flotilla/contracts/ids';
import { Database, type Sql, type Transaction } from '@flotilla/runtime/database';
import { RevocationFeed } from '@flotilla/revocation/revocation-feed';
import { Injectable } from '@nestjs/common';
import type { AdapterPayload, InteractionResults } from 'oidc-provider';
import type { SealedColumn } from '../sealed-column.js';
import { Sealing } from '../sealing.js';

interface RecordRow {
  id_hash: Buffer;
  payload: Buffer;
  consumed_at: Date | null;
}

const COLUMNS = 'id_hash, payload, consumed_at';
const SWEPT_AT_ONCE = 1_000;
/** Model of the marks that revoked access tokens leave, for as long as any token may live. */
const REVOKED_TOKEN = 'RevokedToken';
const LONGEST_TOKEN = "interval '1 hour'";

export const SEALED_RECORDS: SealedColumn = {
  table: 'oauth_records',
  column: 'payload',
  key: ['model', 'id_hash'],
  placeOf: ({ model, id_hash }) => placeOf(model as string, id_hash as Buffer),
};

/**
 * What the authorization server remembers of codes, tokens, grants, sessions and interactions, by model and id. An id is
 * stored as its hash, a payload sealed: whoever reads the table can redeem nothing.
 */
@Injectable()
export class OAuthRecords {
  constructor(
    private readonly database: Database,
    private readonly sealing: Sealing,
    private readonly revocations: RevocationFeed,
  ) {}

  /** Writes a record, or replaces its payload; what was consumed stays so. */
  async save(model: string, id: string, payload: AdapterPayload, seconds: number): Promise<void> {
    await this.database.rows(
      `INSERT INTO oauth_records (model, id_hash, payload, grant_hash, uid_hash, user_code_hash, account_id, client_id, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(secs => $9))
       ON CONFLICT (model, id_hash) DO UPDATE
       SET payload = excluded.payload, grant_hash = excluded.grant_hash, uid_hash = excluded.uid_hash,
           user_code_hash = excluded.user_code_hash, account_id = excluded.account_id, expires_at = excluded.expires_at`,
      this.rowOf(model, id, payload, seconds),
    );
  }

  /** Writes a record that must not be there yet, and tells whether it was not: of many at once, one is told so. */
  async saveOnce(model: string, id: string, seconds: number): Promise<boolean> {
    const written = await this.database.rows(
      `INSERT INTO oauth_records (model, id_hash, payload, expires_at)
       VALUES ($1, $2, $3, now() + make_interval(secs => $4)) ON CONFLICT DO NOTHING RETURNING 1`,
      [model, hashOf(id), Buffer.alloc(0), seconds],
    );
    return written.length === 1;
  }

  /** Whether something may be done again: not before `seconds` have passed since it was last let through, by any replica. */
  async takeTurn(model: string, id: string, seconds: number): Promise<boolean> {
    const taken = await this.database.rows(
      `INSERT INTO oauth_records AS known (model, id_hash, payload, expires_at)
       VALUES ($1, $2, '', now() + make_interval(secs => $3))
       ON CONFLICT (model, id_hash) DO UPDATE SET expires_at = excluded.expires_at
       WHERE known.expires_at <= now() RETURNING 1`,
      [model, hashOf(id), seconds],
    );
    return taken.length === 1;
  }

  /** Whether a token that is stored nowhere, being signed, was revoked by itself. */
  async isRevoked(jti: string): Promise<boolean> {
    const found = await this.database.rows(
      'SELECT 1 FROM oauth_records WHERE model = $1 AND id_hash = $2',
      [REVOKED_TOKEN, hashOf(jti)],
    );
    return found.length === 1;
  }

  async find(model: string, id: string): Promise<AdapterPayload | undefined> {
    const [row] = await this.database.rows<RecordRow>(
      `SELECT ${COLUMNS} FROM oauth_records WHERE model = $1 AND id_hash = $2`,
      [model, hashOf(id)],
    );
    return row && this.open(model, row);
  }

  /** Says in whose name a record may be used that carries no account itself. */
  async nameOwner(model: string, id: string, accountId: Id<'usr'>): Promise<void> {
    await this.database.rows(
      'UPDATE oauth_records SET account_id = $3 WHERE model = $1 AND id_hash = $2',
      [model, hashOf(id), toUuid('usr', accountId)],
    );
  }

  /** The uuid of the account that a record is used in the name of. */
  async ownerOf(model: string, id: string): Promise<string | null> {
    const [row] = await this.database.rows<{ account_id: string | null }>(
      'SELECT account_id FROM oauth_records WHERE model = $1 AND id_hash = $2',
      [model, hashOf(id)],
    );
    return row?.account_id ?? null;
  }

  /** By the name that outlives the rotation of its id (sessions). */
  async findByUid(model: string, uid: string): Promise<AdapterPayload | undefined> {
    const [row] = await this.database.rows<RecordRow>(
      `SELECT ${COLUMNS} FROM oauth_records WHERE uid_hash = $2 AND model = $1 ORDER BY expires_at DESC LIMIT 1`,
      [model, hashOf(uid)],
    );
    return row && this.open(model, row);
  }

  /** By the code that a person types (device codes). */
  async findByUserCode(model: string, userCode: string): Promise<AdapterPayload | undefined> {
    const [row] = await this.database.rows<RecordRow>(
      `SELECT ${COLUMNS} FROM oauth_records WHERE user_code_hash = $2 AND model = $1 ORDER BY expires_at DESC LIMIT 1`,
      [model, hashOf(userCode)],
    );
    return row && this.open(model, row);
  }

  /** The records of an account that have not expired, newest first. */
  async ofAccount(model: string, accountId: Id<'usr'>): Promise<AdapterPayload[]> {
    const rows = await this.database.rows<RecordRow>(
      `SELECT ${COLUMNS} FROM oauth_records
       WHERE account_id = $2 AND model = $1 AND expires_at > now() ORDER BY expires_at DESC`,
      [model, toUuid('usr', accountId)],
    );
    return rows.map((row) => this.open(model, row)).filter((payload) => payload !== undefined);
  }

  /**
   * Uses up a record that works once. Of any number of attempts at the same time, in whatever process, one is told
   * true; every other one takes the whole grant back (RFC 6749 §4.1.2, RFC 9700 §4.14.2).
   */
  async consume(model: string, id: string): Promise<boolean> {
    const idHash = hashOf(id);
    const won = await this.database.rows(
      `UPDATE oauth_records SET consumed_at = now()
       WHERE model = $1 AND id_hash = $2 AND consumed_at IS NULL RETURNING 1`,
      [model, idHash],
    );
    if (won.length === 1) return true;
    await this.database.transaction(async (tx) => {
      const [row] = await tx.rows<{ grant_hash: Buffer | null }>(
        'SELECT grant_hash FROM oauth_records WHERE model = $1 AND id_hash = $2',
        [model, idHash],
      );
      if (row?.grant_hash) await this.removeGrantByHash(tx, row.grant_hash);
    });
    return false;
  }

  async remove(model: string, id: string): Promise<void> {
    await removeOne(this.database, model, hashOf(id));
  }

  /** Takes a grant back with all that was given for it: codes, refresh tokens, and access tokens wherever they are. */
  async removeGrant(grantId: string): Promise<boolean> {
    const found = await this.database.transaction((tx) =>
      this.removeGrantByHash(tx, hashOf(grantId)),
    );
    // Whoever is told that it is over finds no gateway that does not know.
    await this.revocations.receipt();
    return found;
  }

  /** Ends a session; access tokens that were issued in it end with it. */
  async removeSession(session: { jti: string; uid: string }): Promise<void> {
    await this.database.transaction(async (tx) => {
      await removeOne(tx, 'Session', hashOf(session.jti));
      await this.revocations.append(tx, [{ kind: 'session', id: session.uid }]);
    });
    await this.revocations.receipt();
  }

  /** Takes back one token that belongs to no grant: a client's own. */
  async revokeToken(jti: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.rows(
        `INSERT INTO oauth_records (model, id_hash, payload, expires_at)
         VALUES ($1, $2, '', now() + ${LONGEST_TOKEN}) ON CONFLICT DO NOTHING`,
        [REVOKED_TOKEN, hashOf(jti)],
      );
      await this.revocations.append(tx, [{ kind: 'token', id: jti }]);
    });
    await this.revocations.receipt();
  }

  /** Removes all that was given to a client. */
  async removeOfClient(tx: Transaction, clientId: string): Promise<void> {
    await tx.rows('DELETE FROM oauth_records WHERE client_id = $1', [clientId]);
  }

  /** Removes some of what has expired, and tells whether there is more. */
  async sweep(): Promise<boolean> {
    const swept = await this.database.rows(
      `DELETE FROM oauth_records WHERE (model, id_hash) IN (
         SELECT model, id_hash FROM oauth_records WHERE expires_at < now()
         ORDER BY expires_at LIMIT ${SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED) RETURNING 1`,
    );
    return swept.length === SWEPT_AT_ONCE;
  }

  /** True when the grant was still there. */
  private async removeGrantByHash(tx: Transaction, grantHash: Buffer): Promise<boolean> {
    const [grant] = await tx.rows<RecordRow>(
      `DELETE FROM oauth_records WHERE model = 'Grant' AND id_hash = $1 RETURNING ${COLUMNS}`,
      [grantHash],
    );
    await tx.rows('DELETE FROM oauth_records WHERE grant_hash = $1', [grantHash]);
    const id = grant && this.open('Grant', grant)?.jti;
    if (id) await this.revocations.append(tx, [{ kind: 'grant', id }]);
    return grant !== undefined;
  }

  private rowOf(model: string, id: string, payload: AdapterPayload, seconds: number): unknown[] {
    const { grantId, uid, userCode, clientId } = payload;
    // Whoever has signed in and not gone on yet is signed in already: it ends with what ends sessions.
    const accountId = payload.accountId ?? signedInBy(payload);
    const idHash = hashOf(id);
    const text = JSON.stringify({ ...payload, consumed: undefined });
    return [
      model,
      idHash,
      this.sealing.seal(placeOf(model, idHash), Buffer.from(text)),
      grantId ? hashOf(grantId) : null,
      model === 'Session' && uid ? hashOf(uid) : null,
      userCode ? hashOf(userCode) : null,
      accountId ? toUuid('usr', accountId) : null,
      clientId ?? null,
      seconds,
    ];
  }

  private open(model: string, row: RecordRow): AdapterPayload | undefined {
    const text = this.sealing.open(placeOf(model, row.id_hash), row.payload);
    if (!text) return undefined;
    const payload = JSON.parse(text.toString()) as AdapterPayload;
    return row.consumed_at ? { ...payload, consumed: true } : payload;
  }
}

/** Whom an interaction is about to sign in. */
function signedInBy({
  result,
}: AdapterPayload & { result?: InteractionResults }): string | undefined {
  return result?.login?.accountId;
}

async function removeOne(sql: Sql, model: string, idHash: Buffer): Promise<void> {
  await sql.rows('DELETE FROM oauth_records WHERE model = $1 AND id_hash = $2', [model, idHash]);
}

/** Ids have 256 random bits, so that one round of SHA-256 keeps them. */
function hashOf(id: string): Buffer {
  return hash('sha256', id, 'buffer');
}

function placeOf(model: string, idHash: Buffer): string {
  return `${model}:${idHash.toString('base64url')}`;
}
