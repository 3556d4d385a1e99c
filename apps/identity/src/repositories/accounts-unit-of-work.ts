import { AppError } from '@flotilla/contracts/errors';
import type { AuditType } from '@flotilla/contracts/audit';
import { type EventActor, eventActor } from '@flotilla/contracts/events';
import { toId } from '@flotilla/contracts/ids';
import { EventStreams } from '@flotilla/event-store/event-streams';
import { forgetAnswers } from '@flotilla/event-store/idempotent-requests';
import { Database, isUniqueViolation, type Transaction } from '@flotilla/runtime/database';
import { RevocationFeed } from '@flotilla/revocation/revocation-feed';
import { currentContext } from '@flotilla/runtime/request-context';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import type { User, UserEvent } from '../domain/user.js';
import { type AccountsTransaction, AccountsUnitOfWork } from '../use-cases/ports.js';
import { ACCOUNT_COLUMNS, type AccountRow, fromRow } from './account-row.js';

/** The advisory lock of those who decide about administrators. */
const ADMINISTRATORS_LOCK = 0x61646d73;

/** What the audit trail calls what happened to an account. */
const AUDITED = {
  'user.registered': 'account.registered',
  'user.role_changed': 'account.role-changed',
  'user.disabled': 'account.disabled',
  'user.erased': 'account.erased',
} as const satisfies Record<UserEvent['type'], AuditType>;

/** Accounts and their events in one PostgreSQL transaction. */
@Injectable()
export class PostgresAccountsUnitOfWork extends AccountsUnitOfWork {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly feed: RevocationFeed,
  ) {
    super();
  }

  run<T>(work: (tx: AccountsTransaction) => Promise<T>): Promise<T> {
    return this.database.transaction((tx) => work(this.within(tx)));
  }

  within(tx: Transaction): AccountsTransaction {
    return new PostgresAccounts(tx, this.audit, this.feed);
  }
}

class PostgresAccounts implements AccountsTransaction {
  constructor(
    private readonly tx: Transaction,
    private readonly audit: AuditLog,
    private readonly feed: RevocationFeed,
  ) {}

  async find(userId: string): Promise<User | null> {
    const [row] = await this.tx.rows<AccountRow>(
      `SELECT ${ACCOUNT_COLUMNS} FROM accounts WHERE id = $1 FOR UPDATE`,
      [userId],
    );
    return row ? fromRow(row) : null;
  }

  async findByEmail(email: string): Promise<User | null> {
    const [row] = await this.tx.rows<AccountRow>(
      `SELECT ${ACCOUNT_COLUMNS} FROM accounts WHERE email = $1`,
      [email],
    );
    return row ? fromRow(row) : null;
  }

  async countOtherAdministrators(userId: string): Promise<number> {
    await this.tx.rows('SELECT pg_advisory_xact_lock($1)', [ADMINISTRATORS_LOCK]);
    const [row] = await this.tx.rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM accounts
       WHERE role = 'admin' AND disabled_at IS NULL AND id <> $1`,
      [userId],
    );
    return row!.count;
  }

  async save(user: User): Promise<void> {
    try {
      await this.tx.rows(
        `INSERT INTO accounts (${ACCOUNT_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE
         SET email = excluded.email, password_hash = excluded.password_hash, role = excluded.role,
           credential_version = excluded.credential_version, disabled_at = excluded.disabled_at`,
        [
          user.id,
          user.email,
          user.passwordHash,
          user.role,
          user.credentialVersion,
          user.disabledAt,
          user.createdAt,
        ],
      );
    } catch (error) {
      if (!isUniqueViolation(error, 'accounts_email_key')) throw error;
      throw new AppError('email-taken', 'Somebody has registered with this address already.', {
        cause: error,
      });
    }
  }

  /** Rows of others that belong to the account go with it (ON DELETE CASCADE). */
  async erase({ id }: User): Promise<void> {
    await this.tx.rows('DELETE FROM accounts WHERE id = $1', [id]);
    await new EventStreams(this.tx).redact([id], 'user.registered');
    await forgetAnswers(this.tx, toId('usr', id));
  }

  async append({ id }: User, events: readonly UserEvent[], at: Date): Promise<void> {
    const [row] = await this.tx.rows<{ version: number }>(
      'SELECT coalesce(max(version), 0) AS version FROM events WHERE stream_id = $1',
      [id],
    );
    const subject = toId('usr', id);
    const actor = causedBy(subject);
    await new EventStreams(this.tx).append({ id, subject }, row!.version, events, { at, actor });
    for (const { type, data } of events) {
      const details: Record<string, string> =
        type === 'user.role_changed' ? { role: data.role } : {};
      const event = { type: AUDITED[type], outcome: 'success', accountId: id, details } as const;
      await this.audit.record(this.tx, event);
    }
  }

  async revokeCredentials({ id, credentialVersion, disabledAt }: User): Promise<void> {
    const disabled = disabledAt !== null;
    await this.feed.append(this.tx, [
      { kind: 'user', id: toId('usr', id), lowestVersion: credentialVersion, disabled },
    ]);
  }
}

/** Who asks; a registration is nobody's but the new user's own. */
function causedBy(userId: ReturnType<typeof toId<'usr'>>): EventActor {
  const actor = currentContext()?.actor;
  return actor ? eventActor(actor) : { userId, mode: 'live' };
}
