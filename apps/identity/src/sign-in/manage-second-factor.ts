import { toUuid } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { AttemptGate } from '../abuse/attempt-gate.js';
import { AuditLog } from '../audit/audit-log.js';
import type { AccountState } from '../oauth/account-states.js';
import type { BrowserSession } from '../oauth/browser-sessions.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { isFresh } from './fresh-sign-in.js';

/**
 * Turns the second factor of an account on and off. Only who has just signed in turns it on, or it would be somebody else's who
 * finds a browser open; what is on is only changed by who proves it once more.
 */
@Injectable()
export class ManageSecondFactor {
  constructor(
    private readonly factors: SecondFactors,
    private readonly gate: AttemptGate,
    private readonly audit: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Whether the sign-in of a session is fresh enough to turn it on. */
  mayEnrol(session: Pick<BrowserSession, 'signedInAt'>): boolean {
    return isFresh(session, this.clock.now());
  }

  /** The recovery codes, shown this once; null for a wrong code, and for a sign-in that is not fresh. */
  async enrol(
    session: Pick<BrowserSession, 'account' | 'signedInAt'>,
    code: string,
    address: string,
  ): Promise<string[] | null> {
    if (!this.mayEnrol(session)) return null;
    const accountId = toUuid('usr', session.account.id);
    return this.database.transaction(async (tx) => {
      const codes = await this.factors.confirm(tx, accountId, code);
      const outcome = codes ? 'success' : 'failure';
      await this.audit.record(tx, { type: 'second-factor.enrolled', outcome, accountId, address });
      return codes;
    });
  }

  /** False for a wrong code. @throws AppError `rate-limited` */
  async remove(account: AccountState, code: string, address: string): Promise<boolean> {
    const removed = await this.proved(account, code, address, async (tx, accountId) => {
      await this.factors.remove(tx, accountId);
      await this.audit.record(tx, {
        type: 'second-factor.removed',
        outcome: 'success',
        accountId,
        address,
      });
      return true;
    });
    return removed ?? false;
  }

  /** New recovery codes; null for a wrong code. @throws AppError `rate-limited` */
  renewCodes(account: AccountState, code: string, address: string): Promise<string[] | null> {
    return this.proved(account, code, address, async (tx, accountId) => {
      await this.audit.record(tx, {
        type: 'recovery-codes.renewed',
        outcome: 'success',
        accountId,
        address,
      });
      return this.factors.renewCodes(tx, accountId);
    });
  }

  private async proved<Result>(
    { id, email }: AccountState,
    code: string,
    address: string,
    change: (tx: Transaction, accountId: string) => Promise<Result>,
  ): Promise<Result | null> {
    const accountId = toUuid('usr', id);
    const charge = await this.gate.admit({ account: email, address });
    const by = await this.factors.prove(accountId, code);
    if (by === null) {
      const type = 'sign-in.second-factor';
      await this.audit.note({ type, outcome: 'failure', accountId, address });
      return null;
    }
    await this.gate.refund(charge);
    return this.database.transaction((tx) => change(tx, accountId));
  }
}
