import type { Role } from '@flotilla/contracts/actor';
import type { User } from '../domain/user.js';

export const ACCOUNT_COLUMNS =
  'id, email, password_hash, role, credential_version, disabled_at, created_at';

export interface AccountRow {
  id: string;
  email: string;
  password_hash: string;
  role: Role;
  credential_version: number;
  disabled_at: Date | null;
  created_at: Date;
}

/** The user as the domain knows one. */
export function fromRow(row: AccountRow): User {
  return {
    id: row.id,
    email: row.email,
    passwordHash: row.password_hash,
    role: row.role,
    credentialVersion: row.credential_version,
    disabledAt: row.disabled_at,
    createdAt: row.created_at,
  };
}
