import type { Actor } from '@flotilla/contracts/actor';
import type { ApiKeyView, KeyAuthentication } from '@flotilla/contracts/api-keys';
import { notFound } from '@flotilla/contracts/errors';
import { toId, toUuid } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { isUsable, toView } from '../domain/api-key.js';
import { type ApiKeyRow, fromRow, KEY_COLUMNS } from './api-key-row.js';

/** Reads of keys. */
@Injectable()
export class ApiKeyQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** A key of the caller's own. @throws AppError `not-found`, also for another user's key */
  async get(actor: Actor, keyId: string): Promise<ApiKeyView> {
    const [row] = await this.database.rows<ApiKeyRow>(
      `SELECT ${KEY_COLUMNS} FROM api_keys WHERE id = $1 AND user_id = $2`,
      [toUuid('key', keyId), toUuid('usr', actor.userId)],
    );
    if (!row) throw notFound('API key');
    return toView(fromRow(row));
  }

  /** Whom the key with this SHA-256 (hex) speaks for; null for unknown, revoked and expired ones alike. */
  async authenticate(hash: string): Promise<KeyAuthentication> {
    const [row] = await this.database.rows<ApiKeyRow>(
      `SELECT ${KEY_COLUMNS} FROM api_keys WHERE hash = $1`,
      [Buffer.from(hash, 'hex')],
    );
    if (!row) return { actor: null };
    const key = fromRow(row);
    if (!isUsable(key, this.clock.now())) return { actor: null };
    const { mode, permissions } = key;
    return {
      actor: { userId: toId('usr', key.userId), keyId: toId('key', key.id), mode, permissions },
    };
  }
}
