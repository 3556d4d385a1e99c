import type { Actor } from '@flotilla/contracts/actor';
import type { ApiKeyView } from '@flotilla/contracts/api-keys';
import type { KeyVerdict, VerifyKeyRequest } from '@flotilla/contracts/api-key-usage';
import { notFound } from '@flotilla/contracts/errors';
import { toId, toUuid } from '@flotilla/contracts/ids';
import { DEFAULT_PAGE_LIMIT, type Page, type PageQuery } from '@flotilla/contracts/pages';
import { Clock } from '@flotilla/runtime/clock';
import { decodeCursor, instant, pageOf, uuid } from '@flotilla/runtime/cursor';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { type ApiKey, invalidity, toView } from '../domain/api-key.js';
import { KeysByHash } from '../use-cases/ports.js';
import { type ApiKeyRow, fromRow, KEY_COLUMNS } from './api-key-row.js';

/** Reads of keys. */
@Injectable()
export class ApiKeyQueries extends KeysByHash {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** A key of the caller's own. @throws AppError `not-found`, also for another user's key */
  async get(actor: Actor, keyId: string): Promise<ApiKeyView> {
    const [row] = await this.database.rows<ApiKeyRow>(
      `SELECT ${KEY_COLUMNS} FROM api_keys WHERE id = $1 AND user_id = $2 AND (mode = 'test' OR $3 = 'live')`,
      [toUuid('key', keyId), toUuid('usr', actor.userId), actor.mode],
    );
    if (!row) throw notFound('API key');
    return toView(fromRow(row));
  }

  /** The caller's keys, newest first, revoked ones included; in test mode the test keys. @throws AppError `validation-failed` for a bad cursor */
  async list(
    actor: Actor,
    { cursor, limit = DEFAULT_PAGE_LIMIT }: PageQuery,
  ): Promise<Page<ApiKeyView>> {
    const [at, id] = decodeCursor(cursor, [instant, uuid]);
    const rows = await this.database.rows<ApiKeyRow>(
      `SELECT ${KEY_COLUMNS} FROM api_keys
       WHERE user_id = $1 AND (mode = 'test' OR $2 = 'live')
         AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $5`,
      [toUuid('usr', actor.userId), actor.mode, at, id, limit + 1],
    );
    return pageOf(
      rows,
      limit,
      (row) => toView(fromRow(row)),
      (row) => [row.created_at.toISOString(), row.id],
    );
  }

  /** What a key of the caller's own is good for now. */
  async verify(actor: Actor, { hash, permission }: VerifyKeyRequest): Promise<KeyVerdict> {
    const key = await this.findByHash(hash);
    const visible = key?.userId === toUuid('usr', actor.userId);
    if (!key || !visible || (actor.mode === 'test' && key.mode === 'live')) {
      return { valid: false, reason: 'unknown' };
    }
    const reason = invalidity(key, this.clock.now(), permission);
    const { permissions, rateLimit } = key;
    const what = { keyId: toId('key', key.id), userId: actor.userId, permissions, rateLimit };
    return reason === undefined ? { valid: true, ...what } : { valid: false, reason, ...what };
  }

  /** The key with this SHA-256 (hex). */
  async findByHash(hash: string): Promise<ApiKey | null> {
    const [row] = await this.database.rows<ApiKeyRow>(
      `SELECT ${KEY_COLUMNS} FROM api_keys WHERE hash = $1`,
      [Buffer.from(hash, 'hex')],
    );
    return row ? fromRow(row) : null;
  }
}
