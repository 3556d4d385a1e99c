import type { Role } from '@flotilla/contracts/actor';
import { notFound } from '@flotilla/contracts/errors';
import { newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import type {
  AccountEvents,
  AccountView,
  EnsureAccountRequest,
} from '@flotilla/contracts/identity';
import { EventStreams } from '@flotilla/event-store/event-streams';
import { Clock } from '@flotilla/runtime/clock';
import { Database, type Sql } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { hashPassword } from './password.js';

interface AccountRow {
  id: string;
  email: string;
  role: Role;
  created_at: Date;
}

const COLUMNS = 'id, email, role, created_at';

/** Accounts and how they come about. */
@Injectable()
export class Accounts {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Opens an account, or returns the one that already has the address, unchanged. */
  async ensure(request: EnsureAccountRequest): Promise<AccountView> {
    const email = request.email.trim().toLowerCase();
    const existing = await findByEmail(this.database, email);
    if (existing) return toView(existing);
    const passwordHash = await hashPassword(request.password);
    return toView(await this.open({ ...request, email }, passwordHash));
  }

  /** @throws AppError `not-found` */
  async get(userId: string): Promise<AccountView> {
    const [row] = await this.database.rows<AccountRow>(
      `SELECT ${COLUMNS} FROM accounts WHERE id = $1`,
      [toUuid('usr', userId)],
    );
    if (!row) throw notFound('user');
    return toView(row);
  }

  private open(request: EnsureAccountRequest, passwordHash: string): Promise<AccountRow> {
    const { email, firstName, lastName, role } = request;
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      const [opened] = await tx.rows<AccountRow>(
        `INSERT INTO accounts (id, email, password_hash, role, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (email) DO NOTHING RETURNING ${COLUMNS}`,
        [newUuid(now.getTime()), email, passwordHash, role, now],
      );
      // Somebody else opened it since we looked.
      if (!opened) return (await findByEmail(tx, email))!;
      const stream = { id: opened.id, subject: toId('usr', opened.id) };
      const data: AccountEvents['user.registered'] = { email, firstName, lastName, role };
      await new EventStreams(tx).append(stream, 0, [{ type: 'user.registered', data }], {
        at: now,
        actor: { userId: stream.subject, mode: 'live' },
      });
      return opened;
    });
  }
}

async function findByEmail(sql: Sql, email: string): Promise<AccountRow | undefined> {
  const [row] = await sql.rows<AccountRow>(`SELECT ${COLUMNS} FROM accounts WHERE email = $1`, [
    email,
  ]);
  return row;
}

function toView(row: AccountRow): AccountView {
  return {
    id: toId('usr', row.id),
    email: row.email,
    role: row.role,
    createdAt: row.created_at.toISOString(),
  };
}
