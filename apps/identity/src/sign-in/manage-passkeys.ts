import { toUuid } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Database, type Sql } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import type { BrowserSession } from '../oauth/browser-sessions.js';
import { Passkeys } from '../passkeys/passkeys.js';
import { isFresh } from './fresh-sign-in.js';

type Session = Pick<BrowserSession, 'uid' | 'account' | 'signedInAt'>;

/** Adds and removes passkeys of one's own account. Only who has just signed in may: nobody who finds a browser open. */
@Injectable()
export class ManagePasskeys {
  constructor(
    private readonly passkeys: Passkeys,
    private readonly audit: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Whether the sign-in of a session is fresh enough for changes. */
  mayChange(session: Session): boolean {
    return isFresh(session, this.clock.now());
  }

  /** What the browser of a session is asked for. */
  creationOptions({ uid, account }: Session) {
    return this.passkeys.creationOptions(account, uid);
  }

  /** False when nothing was added. */
  async add(
    session: Session,
    { name, response }: { name: string; response: string },
    address: string,
  ): Promise<boolean> {
    const passkey = await this.passkeys.verifyNew(session.uid, response);
    return this.change(session, 'passkey.added', address, (tx, accountId) =>
      passkey ? this.passkeys.add(tx, accountId, name, passkey) : Promise.resolve(false),
    );
  }

  /** False when nothing was removed. */
  remove(session: Session, id: string, address: string): Promise<boolean> {
    return this.change(session, 'passkey.removed', address, (tx, accountId) =>
      this.passkeys.remove(tx, accountId, id),
    );
  }

  private async change(
    session: Session,
    type: 'passkey.added' | 'passkey.removed',
    address: string,
    change: (tx: Sql, accountId: string) => Promise<boolean>,
  ): Promise<boolean> {
    if (!this.mayChange(session)) return false;
    const accountId = toUuid('usr', session.account.id);
    return this.database.transaction(async (tx) => {
      const changed = await change(tx, accountId);
      const outcome = changed ? 'success' : 'failure';
      await this.audit.record(tx, { type, outcome, accountId, address });
      return changed;
    });
  }
}
