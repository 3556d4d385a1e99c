import { notFound } from '@flotilla/contracts/errors';
import { toUuid } from '@flotilla/contracts/ids';
import type { AccountView } from '@flotilla/contracts/identity';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { toView } from '../domain/user.js';
import { ACCOUNT_COLUMNS, type AccountRow, fromRow } from './account-row.js';

/** Reads of accounts. */
@Injectable()
export class AccountQueries {
  constructor(private readonly database: Database) {}

  /** @throws AppError `not-found` */
  async get(userId: string): Promise<AccountView> {
    const [row] = await this.database.rows<AccountRow>(
      `SELECT ${ACCOUNT_COLUMNS} FROM accounts WHERE id = $1`,
      [toUuid('usr', userId)],
    );
    if (!row) throw notFound('user');
    return toView(fromRow(row));
  }
}
