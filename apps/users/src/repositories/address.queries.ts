import type { Actor } from '@flotilla/contracts/actor';
import type { AddressView } from '@flotilla/contracts/addresses';
import { notFound } from '@flotilla/contracts/errors';
import { toUuid } from '@flotilla/contracts/ids';
import { DEFAULT_PAGE_LIMIT, type Page, type PageQuery } from '@flotilla/contracts/pages';
import { Cursors, instant, uuid } from '@flotilla/runtime/cursor';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { toView } from '../domain/address.js';
import { ADDRESS_COLUMNS, type AddressRow, fromRow } from './address-row.js';

const CURSORS = new Cursors('addresses', instant, uuid);

/** Reads of addresses, of the caller's own only. */
@Injectable()
export class AddressQueries {
  constructor(private readonly database: Database) {}

  /** @throws AppError `not-found`, also for another user's address */
  async get(actor: Actor, addressId: string): Promise<AddressView> {
    const [row] = await this.database.rows<AddressRow>(
      `SELECT ${ADDRESS_COLUMNS} FROM addresses WHERE id = $1 AND user_id = $2`,
      [toUuid('adr', addressId), toUuid('usr', actor.userId)],
    );
    if (!row) throw notFound('address');
    return toView(fromRow(row));
  }

  /** Newest first. @throws AppError `validation-failed` for the cursor */
  async list(
    actor: Actor,
    { cursor, limit = DEFAULT_PAGE_LIMIT }: PageQuery,
  ): Promise<Page<AddressView>> {
    const [at, id] = CURSORS.decode(cursor);
    const rows = await this.database.rows<AddressRow>(
      `SELECT ${ADDRESS_COLUMNS} FROM addresses
       WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $4`,
      [toUuid('usr', actor.userId), at, id, limit + 1],
    );
    return CURSORS.page(
      rows,
      limit,
      (row) => toView(fromRow(row)),
      (row) => [row.created_at.toISOString(), row.id],
    );
  }
}
