import type { Actor } from '@flotilla/contracts/actor';
import { notFound } from '@flotilla/contracts/errors';
import type { EventEnvelope } from '@flotilla/contracts/events';
import type { AccountEvents } from '@flotilla/contracts/identity';
import { toId, toUuid } from '@flotilla/contracts/ids';
import type { ProfileView } from '@flotilla/contracts/users';
import { Database, type Sql } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

export type UserRegistered = EventEnvelope<'user.registered', AccountEvents['user.registered']>;

interface ProfileRow {
  user_id: string;
  email: string;
  first_name: string;
  last_name: string;
  display_name: string;
  created_at: Date;
  updated_at: Date;
}

/** Profiles, made from what identity tells. */
@Injectable()
export class Profiles {
  constructor(private readonly database: Database) {}

  /** A profile: one's own, or anybody's for `users:admin`. @throws AppError `not-found` */
  async get(actor: Actor, userId: string): Promise<ProfileView> {
    const id = toUuid('usr', userId);
    if (userId !== actor.userId && !actor.permissions.includes('users:admin'))
      throw notFound('user');
    const [row] = await this.database.rows<ProfileRow>(
      `SELECT user_id, email, first_name, last_name, display_name, created_at, updated_at
       FROM profiles WHERE user_id = $1`,
      [id],
    );
    if (!row) throw notFound('user');
    return toView(row);
  }

  /** The first profile of a user; inside the transaction of the inbox. */
  async open(tx: Sql, { streamId, occurredAt, data }: UserRegistered): Promise<void> {
    await tx.rows(
      `INSERT INTO profiles (user_id, email, first_name, last_name, display_name, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $6)`,
      [
        streamId,
        data.email,
        data.firstName,
        data.lastName,
        `${data.firstName} ${data.lastName}`,
        occurredAt,
      ],
    );
  }
}

function toView(row: ProfileRow): ProfileView {
  return {
    id: toId('usr', row.user_id),
    email: row.email,
    firstName: row.first_name,
    lastName: row.last_name,
    displayName: row.display_name,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
