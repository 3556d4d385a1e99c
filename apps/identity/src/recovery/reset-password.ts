import { toId } from '@flotilla/contracts/ids';
import { RevocationFeed } from '@flotilla/revocation/revocation-feed';
import { Clock } from '@flotilla/runtime/clock';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { CommonPasswords, Password } from '../domain/password.js';
import { EmailLinks } from '../email-links/email-links.js';
import { Passwords } from '../use-cases/ports.js';

/** Sets a new password by a link from a mail. Whatever was signed in or granted before ends: somebody else may have been behind it. */
@Injectable()
export class ResetPassword {
  constructor(
    private readonly links: EmailLinks,
    private readonly common: CommonPasswords,
    private readonly passwords: Passwords,
    private readonly revocations: RevocationFeed,
    private readonly audit: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * False when the link does not work any more; nothing has changed then.
   * @throws AppError `validation-failed` for a password that nobody should have; the link goes on working
   */
  async execute(token: string, text: string, address: string): Promise<boolean> {
    if (!(await this.links.isGood(token, 'reset-password'))) return false;
    const passwordHash = await this.passwords.hash(Password.choose(text, this.common));
    const changed = await this.database.transaction(async (tx) => {
      const accountId = await this.links.redeem(tx, token, 'reset-password');
      if (accountId === null) return false;
      const [account] = await tx.rows<{ credential_version: number }>(
        `UPDATE accounts SET password_hash = $2, credential_version = credential_version + 1,
           email_verified_at = coalesce(email_verified_at, $3)
         WHERE id = $1 AND disabled_at IS NULL RETURNING credential_version`,
        [accountId, passwordHash, this.clock.now()],
      );
      if (!account) return false;
      await tx.rows('DELETE FROM known_devices WHERE account_id = $1', [accountId]);
      await tx.rows('DELETE FROM oauth_records WHERE account_id = $1', [accountId]);
      await this.audit.record(tx, {
        type: 'password.reset',
        outcome: 'success',
        accountId,
        address,
      });
      const lowestVersion = account.credential_version;
      await this.revocations.append(tx, [
        { kind: 'user', id: toId('usr', accountId), lowestVersion, disabled: false },
      ]);
      return true;
    });
    if (changed) await this.revocations.receipt();
    return changed;
  }
}
