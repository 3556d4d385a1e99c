import type { User } from '../domain/user.js';

export const USER_COLUMNS = `user_id, email, first_name, last_name, display_name, locale, currency, timezone,
  email_order_updates, version, created_at, updated_at`;

export interface UserRow {
  user_id: string;
  email: string;
  first_name: string;
  last_name: string;
  display_name: string | null;
  locale: string;
  currency: string;
  timezone: string;
  email_order_updates: boolean;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** The user as the domain knows one. */
export function fromRow(row: UserRow): User {
  return {
    id: row.user_id,
    email: row.email,
    profile: {
      firstName: row.first_name,
      lastName: row.last_name,
      displayName: row.display_name,
    },
    preferences: {
      locale: row.locale,
      currency: row.currency,
      timezone: row.timezone,
      emailOrderUpdates: row.email_order_updates,
    },
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** What `USER_COLUMNS` are for a user. */
export function toRow({ profile, preferences, ...user }: User): unknown[] {
  return [
    user.id,
    user.email,
    profile.firstName,
    profile.lastName,
    profile.displayName,
    preferences.locale,
    preferences.currency,
    preferences.timezone,
    preferences.emailOrderUpdates,
    user.version,
    user.createdAt,
    user.updatedAt,
  ];
}
