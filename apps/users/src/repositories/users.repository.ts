import { toId } from '@flotilla/contracts/ids';
import { forgetAnswers } from '@flotilla/event-store/idempotent-requests';
import { Database, type Sql, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import type { User } from '../domain/user.js';
import { Users, type VersionedRef } from '../use-cases/ports.js';
import { atVersion } from './at-version.js';
import { announceChange } from './announce-change.js';
import { fromRow, toRow, USER_COLUMNS, type UserRow } from './user-row.js';

/** Users in PostgreSQL. */
@Injectable()
export class UsersRepository extends Users {
  constructor(private readonly database: Database) {
    super();
  }

  async find(id: string): Promise<User | null> {
    const [row] = await this.database.rows<UserRow>(
      `SELECT ${USER_COLUMNS} FROM profiles WHERE user_id = $1`,
      [id],
    );
    return row ? fromRow(row) : null;
  }

  async add(tx: Sql, user: User): Promise<void> {
    await tx.rows(
      `INSERT INTO profiles (${USER_COLUMNS})
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      toRow(user),
    );
  }

  async erase(tx: Transaction, id: string): Promise<void> {
    await tx.rows('DELETE FROM profiles WHERE user_id = $1', [id]);
    await tx.rows('DELETE FROM addresses WHERE user_id = $1', [id]);
    await tx.rows('INSERT INTO erased_users (user_id) VALUES ($1)', [id]);
    await forgetAnswers(tx, toId('usr', id));
    await announceChange(tx, id, { actor: { system: 'users' } });
  }

  change({ id, version }: VersionedRef, decide: (before: User) => User): Promise<User> {
    return this.database.transaction(async (tx) => {
      const [row] = await tx.rows<UserRow>(
        `SELECT ${USER_COLUMNS} FROM profiles WHERE user_id = $1 FOR UPDATE`,
        [id],
      );
      const before = fromRow(atVersion('usr', row, version));
      const after = decide(before);
      if (after.version === before.version) return after;
      await write(tx, after);
      await announceChange(tx, id);
      return after;
    });
  }
}

async function write(tx: Sql, user: User): Promise<void> {
  await tx.rows(
    `UPDATE profiles
     SET email = $2, first_name = $3, last_name = $4, display_name = $5, locale = $6, currency = $7,
       timezone = $8, email_order_updates = $9, version = $10, created_at = $11, updated_at = $12
     WHERE user_id = $1`,
    toRow(user),
  );
}
