import { isAppError } from '@flotilla/contracts/errors';
import { newUuid } from '@flotilla/contracts/ids';
import type { MailLocale } from '@flotilla/contracts/mail';
import { Clock } from '@flotilla/runtime/clock';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { AttemptGate } from '../abuse/attempt-gate.js';
import { AuditLog } from '../audit/audit-log.js';
import { requestMail } from './request-mail.js';

/** Sends a link for a new password, if there is an account with the address. Nobody who asks learns whether there is. */
@Injectable()
export class RequestPasswordReset {
  constructor(
    private readonly gate: AttemptGate,
    private readonly audit: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Does the same work whether there is an account or not, so that neither the answer nor its time tells: without an account,
   * a mail is asked for that notifications finds no reader for.
   * @throws AppError `unavailable`
   */
  async execute(given: string, address: string, locale: MailLocale): Promise<void> {
    const email = given.trim().toLowerCase();
    try {
      await this.gate.admitMail(email, address);
    } catch (error) {
      if (isAppError(error, 'rate-limited')) return; // enough mails are on their way
      throw error;
    }
    await this.database.transaction(async (tx) => {
      const [account] = await tx.rows<{ id: string }>(
        'SELECT id FROM accounts WHERE email = $1 AND disabled_at IS NULL',
        [email],
      );
      await this.audit.record(tx, {
        type: 'password.reset-requested',
        outcome: account ? 'success' : 'failure',
        accountId: account?.id,
        actor: 'anonymous',
        address,
      });
      const reader = account?.id ?? newUuid(this.clock.now().getTime());
      await requestMail(tx, reader, { purpose: 'reset-password', locale }, this.clock.now());
    });
  }
}
