import type { Actor } from '@flotilla/contracts/actor';
import { AppError } from '@flotilla/contracts/errors';
import { uuidOf } from '@flotilla/contracts/ids';
import { DEFAULT_PAGE_LIMIT, type Listing } from '@flotilla/contracts/pages';
import type { ListUsersRequest, UserView } from '@flotilla/contracts/users';
import { Cursors, instant, uuid } from '@flotilla/runtime/cursor';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { toView } from '../domain/user.js';
import { seesAllUsers } from '../domain/user-access.js';
import { fromRow, USER_COLUMNS, type UserRow } from './user-row.js';

const CURSORS = new Cursors('users', instant, uuid);

/** Reads of many users. */
@Injectable()
export class UserQueries {
  constructor(private readonly database: Database) {}

  /** Those among these whom the actor may see; a malformed id is nobody's. */
  async findMany(actor: Actor, userIds: readonly string[]): Promise<UserView[]> {
    const visible = userIds.filter((id) => id === actor.userId || seesAllUsers(actor));
    const ids = visible.flatMap((id) => uuidOf('usr', id) ?? []);
    if (ids.length === 0) return [];
    const rows = await this.database.rows<UserRow>(
      `SELECT ${USER_COLUMNS} FROM profiles WHERE user_id = ANY($1)`,
      [ids],
    );
    return rows.map((row) => toView(fromRow(row)));
  }

  /**
   * Users, newest first; the one with an address, if one is given.
   * @throws AppError `insufficient-permission`, `validation-failed` for the cursor
   */
  async list(
    actor: Actor,
    { email, cursor, limit = DEFAULT_PAGE_LIMIT }: ListUsersRequest,
  ): Promise<Listing<UserView>> {
    if (!seesAllUsers(actor)) {
      throw new AppError('insufficient-permission', 'This needs the permission users:admin.', {
        details: { permission: 'users:admin' },
      });
    }
    const [at, id] = CURSORS.decode(cursor);
    const rows = await this.database.rows<UserRow>(
      `SELECT ${USER_COLUMNS} FROM profiles
       WHERE ($1::text IS NULL OR email = $1)
         AND ($2::timestamptz IS NULL OR (created_at, user_id) < ($2, $3::uuid))
       ORDER BY created_at DESC, user_id DESC LIMIT $4`,
      [email?.trim().toLowerCase() ?? null, at, id, limit + 1],
    );
    return CURSORS.listing(
      rows,
      limit,
      (row) => toView(fromRow(row)),
      (row) => [row.created_at.toISOString(), row.user_id],
    );
  }
}
