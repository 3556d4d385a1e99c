import { toId } from '@flotilla/contracts/ids';
import { EventStreams } from '@flotilla/event-store/event-streams';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import type { ApiKey } from '../domain/api-key.js';
import { type ApiKeysTransaction, ApiKeysUnitOfWork } from '../use-cases/ports.js';
import { type ApiKeyRow, fromRow, KEY_COLUMNS } from './api-key-row.js';

/** Keys and their events in one PostgreSQL transaction. */
@Injectable()
export class PostgresApiKeysUnitOfWork extends ApiKeysUnitOfWork {
  constructor(private readonly database: Database) {
    super();
  }

  run<T>(work: (tx: ApiKeysTransaction) => Promise<T>): Promise<T> {
    return this.database.transaction((tx) => work(this.within(tx)));
  }

  within(tx: Transaction): ApiKeysTransaction {
    return keysIn(tx);
  }
}

function keysIn(tx: Transaction): ApiKeysTransaction {
  const streams = new EventStreams(tx);
  return {
    insert: async (key: ApiKey, hash: Buffer) => {
      await tx.rows(
        `INSERT INTO api_keys (hash, ${KEY_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          hash,
          key.id,
          key.userId,
          key.prefix,
          key.name,
          key.mode,
          key.permissions,
          key.rateLimit?.limit ?? null,
          key.rateLimit?.windowSeconds ?? null,
          key.expiresAt,
          key.revokedAt,
          key.createdAt,
        ],
      );
    },
    find: async (keyId, ownerId) => {
      const [row] = await tx.rows<ApiKeyRow>(
        `SELECT ${KEY_COLUMNS} FROM api_keys WHERE id = $1 AND user_id = $2 FOR UPDATE`,
        [keyId, ownerId],
      );
      return row ? fromRow(row) : null;
    },
    markRevoked: async (keyId, at) => {
      await tx.rows('UPDATE api_keys SET revoked_at = $2 WHERE id = $1', [keyId, at]);
    },
    append: async (keyId, version, { type, data, at }) => {
      const stream = { id: keyId, subject: toId('key', keyId) };
      await streams.append(stream, version - 1, [{ type, data }], { at });
    },
  };
}
