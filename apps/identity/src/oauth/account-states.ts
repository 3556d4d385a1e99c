import { type Permission, type Role, ROLE_PERMISSIONS } from '@flotilla/contracts/actor';
import { isAppError } from '@flotilla/contracts/errors';
import { type Id, toUuid } from '@flotilla/contracts/ids';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

/** What a token says of an account, and what its tokens depend on. */
export interface AccountState {
  id: Id<'usr'>;
  email: string;
  emailVerified: boolean;
  /** Raised by whatever ends the tokens of before (claim `cv`). */
  credentialVersion: number;
  /** The most that the role allows. */
  permissions: readonly Permission[];
}

interface AccountStateRow {
  email: string;
  role: Role;
  credential_version: number;
  email_verified: boolean;
}

/** Accounts as the authorization server sees them. */
@Injectable()
export class AccountStates {
  constructor(private readonly database: Database) {}

  /** Undefined for an account that is disabled, gone, or was never there. */
  async find(accountId: string): Promise<AccountState | undefined> {
    const uuid = uuidOf(accountId);
    if (!uuid) return undefined;
    const [row] = await this.database.rows<AccountStateRow>(
      `SELECT email, role, credential_version, email_verified_at IS NOT NULL AS email_verified
       FROM accounts WHERE id = $1 AND disabled_at IS NULL`,
      [uuid],
    );
    return (
      row && {
        id: accountId as Id<'usr'>,
        email: row.email,
        emailVerified: row.email_verified,
        credentialVersion: row.credential_version,
        permissions: ROLE_PERMISSIONS[row.role],
      }
    );
  }

  /** Whether an account can be used, and its credentials are still those that somebody has proved. */
  async isCurrent(proved: { accountId: string; credentialVersion: number }): Promise<boolean> {
    const account = await this.find(proved.accountId);
    return account?.credentialVersion === proved.credentialVersion;
  }
}

function uuidOf(accountId: string): string | undefined {
  try {
    return toUuid('usr', accountId);
  } catch (error) {
    if (isAppError(error, 'not-found')) return undefined;
    throw error;
  }
}
