import type { Actor } from '@flotilla/contracts/actor';
import type { ApiKeyView } from '@flotilla/contracts/api-keys';
import { notFound } from '@flotilla/contracts/errors';
import { toUuid } from '@flotilla/contracts/ids';
import { DEFAULT_PAGE_LIMIT, type Page, type PageQuery } from '@flotilla/contracts/pages';
import { Cursors, instant, uuid } from '@flotilla/runtime/cursor';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { type ApiKey, toView } from '../domain/api-key.js';
import { KeysByHash } from '../use-cases/ports.js';
import { type ApiKeyRow, fromRow, KEY_COLUMNS } from './api-key-row.js';

const CURSORS = new Cursors('api-keys', instant, uuid);

/** Reads of keys. */
@Injectable()
export class ApiKeyQueries extends KeysByHash {
  constructor(private readonly database: Database) {
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
    const [at, id] = CURSORS.decode(cursor);
    const rows = await this.database.rows<ApiKeyRow>(
      `SELECT ${KEY_COLUMNS} FROM api_keys
       WHERE user_id = $1 AND (mode = 'test' OR $2 = 'live')
         AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $5`,
      [toUuid('usr', actor.userId), actor.mode, at, id, limit + 1],
    );
    return CURSORS.page(
      rows,
      limit,
      (row) => toView(fromRow(row)),
      (row) => [row.created_at.toISOString(), row.id],
    );
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
