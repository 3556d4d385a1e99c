import { notFound } from '@flotilla/contracts/errors';
import { toId, toUuid } from '@flotilla/contracts/ids';
import { EventStreams } from '@flotilla/event-store/event-streams';
import { forgetAnswers } from '@flotilla/event-store/idempotent-requests';
import { RevocationFeed } from '@flotilla/revocation/revocation-feed';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import type { ApiKey } from '../domain/api-key.js';
import { type ApiKeysTransaction, ApiKeysUnitOfWork } from '../use-cases/ports.js';
import { type ApiKeyRow, fromRow, KEY_COLUMNS } from './api-key-row.js';

/** Keys and their events in one PostgreSQL transaction. */
@Injectable()
export class PostgresApiKeysUnitOfWork extends ApiKeysUnitOfWork {
  constructor(
    private readonly database: Database,
    private readonly feed: RevocationFeed,
  ) {
    super();
  }

  run<T>(work: (tx: ApiKeysTransaction) => Promise<T>): Promise<T> {
    return this.database.transaction((tx) => work(this.within(tx)));
  }

  within(tx: Transaction): ApiKeysTransaction {
    return keysIn(tx, this.feed);
  }
}

function keysIn(tx: Transaction, feed: RevocationFeed): ApiKeysTransaction {
  const streams = new EventStreams(tx);
  return {
    keepOwner: async (ownerId) => {
      await tx.rows('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [ownerId]);
      // A statement of its own, so that it sees what was committed while it waited.
      const erased = await tx.rows('SELECT 1 FROM erased_owners WHERE user_id = $1', [ownerId]);
      if (erased.length > 0) throw notFound('user');
    },
    endOwner: async (ownerId) => {
      await tx.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [ownerId]);
      await tx.rows('INSERT INTO erased_owners VALUES ($1) ON CONFLICT DO NOTHING', [ownerId]);
    },
    insert: async (key: ApiKey, hash: Buffer) => {
      await tx.rows(
        `INSERT INTO api_keys (hash, id, user_id, prefix, name, mode, created_at, permissions, rate_limit_limit,
           rate_limit_window_seconds, quota_limit, quota_interval, allowed_ips, expires_at, revoked_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
        [hash, key.id, key.userId, key.prefix, key.name, key.mode, key.createdAt, ...termsOf(key)],
      );
    },
    update: async (key: ApiKey) => {
      await tx.rows(
        `UPDATE api_keys SET name = $2, permissions = $3, rate_limit_limit = $4, rate_limit_window_seconds = $5,
           quota_limit = $6, quota_interval = $7, allowed_ips = $8, expires_at = $9, revoked_at = $10, version = $11
         WHERE id = $1`,
        [key.id, key.name, ...termsOf(key)],
      );
    },
    find: async (keyId, ownerId, mode) => {
      const [row] = await tx.rows<ApiKeyRow>(
        `SELECT ${KEY_COLUMNS} FROM api_keys WHERE id = $1 AND user_id = $2 AND (mode = 'test' OR $3 = 'live')
         FOR UPDATE`,
        [keyId, ownerId, mode],
      );
      return row ? fromRow(row) : null;
    },
    usedBy: async ({ keyId }) => {
      if (keyId === undefined) return null;
      const [row] = await tx.rows<ApiKeyRow>(`SELECT ${KEY_COLUMNS} FROM api_keys WHERE id = $1`, [
        toUuid('key', keyId),
      ]);
      if (!row) throw notFound('API key');
      return fromRow(row);
    },
    unrevokedOf: async (ownerId) => {
      const found = await tx.rows<ApiKeyRow>(
        `SELECT ${KEY_COLUMNS} FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL ORDER BY id FOR UPDATE`,
        [ownerId],
      );
      return found.map(fromRow);
    },
    anonymize: async (ownerId) => {
      const keys = await tx.rows<{ id: string }>(
        "UPDATE api_keys SET name = '', allowed_ips = NULL WHERE user_id = $1 RETURNING id",
        [ownerId],
      );
      const ids = keys.map(({ id }) => id);
      await streams.redact(ids, 'api_key.created');
      await streams.redact(ids, 'api_key.changed');
      await forgetAnswers(tx, toId('usr', ownerId));
    },
    outdate: (keyId) => feed.append(tx, [{ kind: 'api-key', id: toId('key', keyId) }]),
    append: async (keyId, version, { type, data, at }) => {
      const stream = { id: keyId, subject: toId('key', keyId) };
      await streams.append(stream, version - 1, [{ type, data }], { at });
    },
  };
}

/** What a key may do, as the two statements list it. */
function termsOf(key: ApiKey): unknown[] {
  return [
    key.permissions,
    key.rateLimit?.limit ?? null,
    key.rateLimit?.windowSeconds ?? null,
    key.quota?.limit ?? null,
    key.quota?.interval ?? null,
    key.allowedIps,
    key.expiresAt,
    key.revokedAt,
    key.version,
  ];
}
