import { isAppError } from '@flotilla/contracts/errors';
import { type Id, toUuid } from '@flotilla/contracts/ids';
import type { MailLocale } from '@flotilla/contracts/mail';
import { Clock } from '@flotilla/runtime/clock';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { AttemptGate } from '../abuse/attempt-gate.js';
import { AuditLog } from '../audit/audit-log.js';
import { EmailLinks } from '../email-links/email-links.js';
import { requestMail } from './request-mail.js';

/** Finds out whether an account's address is its owner's. */
@Injectable()
export class ConfirmEmail {
  constructor(
    private readonly links: EmailLinks,
    private readonly gate: AttemptGate,
    private readonly audit: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** False when the link does not work any more. */
  execute(token: string, address: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const accountId = await this.links.redeem(tx, token, 'confirm-email');
      if (accountId === null) return false;
      await tx.rows(
        'UPDATE accounts SET email_verified_at = coalesce(email_verified_at, $2) WHERE id = $1',
        [accountId, this.clock.now()],
      );
      await this.audit.record(tx, {
        type: 'email.confirmed',
        outcome: 'success',
        accountId,
        address,
      });
      return true;
    });
  }

  /** Sends another link. False when there have been enough for now. */
  async sendAgain(
    user: { id: Id<'usr'>; email: string },
    address: string,
    locale: MailLocale,
  ): Promise<boolean> {
    try {
      await this.gate.admitMail(user.email, address);
    } catch (error) {
      if (isAppError(error, 'rate-limited')) return false;
      throw error;
    }
    const mail = { purpose: 'confirm-email', locale } as const;
    await this.database.transaction((tx) =>
      requestMail(tx, toUuid('usr', user.id), mail, this.clock.now()),
    );
    return true;
  }
}
