import { isAppError, notFound } from '@flotilla/contracts/errors';
import { toUuid } from '@flotilla/contracts/ids';
import type { OAuthClientView } from '@flotilla/contracts/oauth-clients';
import { DEFAULT_PAGE_LIMIT, type Page, type PageQuery } from '@flotilla/contracts/pages';
import { OPENID_SCOPES } from '@flotilla/contracts/oauth-scopes';
import { Cursors, instant, uuid } from '@flotilla/runtime/cursor';
import { Database, type Sql, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import type { AdapterPayload } from 'oidc-provider';
import { type ClientMetadata, type StoredClient, toView } from './client-metadata.js';
import { encodeHashes, hashSecret } from './client-secret.js';

interface ClientRow {
  id: string;
  owner_id: string | null;
  metadata: ClientMetadata;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = 'id, owner_id, metadata, created_at, updated_at';
const CURSORS = new Cursors('oauth-clients', instant, uuid);

/** OAuth clients. Their secrets are stored as hashes and read by nothing but the comparison. */
@Injectable()
export class ClientRegistry {
  constructor(private readonly database: Database) {}

  /** A client as oidc-provider takes it, with the hashes of its secrets in the place of a secret. */
  async find(clientId: string): Promise<AdapterPayload | undefined> {
    const id = uuidOf(clientId);
    if (!id) return undefined;
    const [row] = await this.database.rows<{ metadata: ClientMetadata; hashes: Buffer[] }>(
      `SELECT metadata, array_remove(ARRAY[secret_hash,
         CASE WHEN earlier_secret_until > now() THEN earlier_secret_hash END], NULL) AS hashes
       FROM oauth_clients WHERE id = $1`,
      [id],
    );
    if (!row) return undefined;
    const secret = row.hashes.length > 0 && { client_secret: encodeHashes(row.hashes) };
    return { ...row.metadata, client_id: clientId, ...secret } as AdapterPayload;
  }

  /** The uuid of the account that a client's own tokens speak for. */
  async ownerOf(clientId: string): Promise<string | null> {
    const [row] = await this.database.rows<{ owner_id: string | null }>(
      'SELECT owner_id FROM oauth_clients WHERE id = $1',
      [uuidOf(clientId) ?? null],
    );
    return row?.owner_id ?? null;
  }

  /** Stores a client that registered itself (RFC 7591), in the name of whoever gave it the token to do so. */
  async register(metadata: AdapterPayload, ownerId: string | null): Promise<void> {
    const { client_id: clientId, client_secret: secret, ...rest } = metadata;
    const now = new Date();
    const client: StoredClient = {
      id: toUuid('cli', clientId!),
      ownerId,
      metadata: { scope: OPENID_SCOPES.join(' '), ...rest } as ClientMetadata,
      createdAt: now,
      updatedAt: now,
    };
    await this.insert(this.database, client, secret ? hashSecret(secret) : null);
  }

  /** @throws AppError `not-found` */
  async get(clientId: string): Promise<StoredClient> {
    return one(
      await this.database.rows<ClientRow>(`SELECT ${COLUMNS} FROM oauth_clients WHERE id = $1`, [
        toUuid('cli', clientId),
      ]),
    );
  }

  /** Newest first. @throws AppError `validation-failed` for a bad cursor */
  async list({ limit = DEFAULT_PAGE_LIMIT, cursor }: PageQuery): Promise<Page<OAuthClientView>> {
    const rows = await this.database.rows<ClientRow>(
      `SELECT ${COLUMNS} FROM oauth_clients
       WHERE $1::timestamptz IS NULL OR (created_at, id) < ($1, $2::uuid)
       ORDER BY created_at DESC, id DESC LIMIT $3`,
      [...CURSORS.decode(cursor), limit + 1],
    );
    return CURSORS.page(
      rows,
      limit,
      (row) => toView(fromRow(row)),
      (row) => [row.created_at.toISOString(), row.id],
    );
  }

  async insert(sql: Sql, client: StoredClient, secretHash: Buffer | null): Promise<void> {
    await sql.rows(
      `INSERT INTO oauth_clients (${COLUMNS}, secret_hash) VALUES ($1, $2, $3, $4, $5, $6)`,
      [client.id, client.ownerId, client.metadata, client.createdAt, client.updatedAt, secretHash],
    );
  }

  /** Loads, locks, changes and saves a client in one call. @throws AppError `not-found`; what `change` throws */
  async update(
    tx: Transaction,
    clientId: string,
    at: Date,
    change: (metadata: ClientMetadata) => ClientMetadata,
  ): Promise<StoredClient> {
    const known = one(
      await tx.rows<ClientRow>(`SELECT ${COLUMNS} FROM oauth_clients WHERE id = $1 FOR UPDATE`, [
        toUuid('cli', clientId),
      ]),
    );
    const metadata = change(known.metadata);
    return one(
      await tx.rows<ClientRow>(
        `UPDATE oauth_clients SET metadata = $2, updated_at = $3 WHERE id = $1 RETURNING ${COLUMNS}`,
        [known.id, metadata, at],
      ),
    );
  }

  /** Gives a client another secret; the one of before is good for some seconds more. @throws AppError `not-found` */
  async replaceSecret(
    tx: Transaction,
    clientId: string,
    secretHash: Buffer,
    overlapSeconds: number,
  ): Promise<StoredClient> {
    return one(
      await tx.rows<ClientRow>(
        `UPDATE oauth_clients SET secret_hash = $2, earlier_secret_hash = secret_hash,
           earlier_secret_until = now() + make_interval(secs => $3), updated_at = now()
         WHERE id = $1 RETURNING ${COLUMNS}`,
        [toUuid('cli', clientId), secretHash, overlapSeconds],
      ),
    );
  }

  /** @throws AppError `not-found` */
  async remove(tx: Transaction, clientId: string): Promise<void> {
    one(
      await tx.rows<ClientRow>(`DELETE FROM oauth_clients WHERE id = $1 RETURNING ${COLUMNS}`, [
        toUuid('cli', clientId),
      ]),
    );
  }
}

function one(rows: readonly ClientRow[]): StoredClient {
  if (!rows[0]) throw notFound('OAuth client');
  return fromRow(rows[0]);
}

function fromRow(row: ClientRow): StoredClient {
  return {
    id: row.id,
    ownerId: row.owner_id,
    metadata: row.metadata,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function uuidOf(clientId: string): string | undefined {
  try {
    return toUuid('cli', clientId);
  } catch (error) {
    if (isAppError(error, 'not-found')) return undefined;
    throw error;
  }
}
