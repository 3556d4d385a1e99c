import { type Role, ROLES } from '@flotilla/contracts/actor';
import { AppError } from '@flotilla/contracts/errors';
import { toId } from '@flotilla/contracts/ids';
import type { AccountEvents, AccountView } from '@flotilla/contracts/identity';
import type { MailLocale } from '@flotilla/contracts/mail';
import type { EmailAddress } from './email-address.js';

/** Who may sign in. */
export interface User {
  /** The uuid inside the public id. */
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly role: Role;
  /** What was issued under an earlier one is good no longer. */
  readonly credentialVersion: number;
  readonly disabledAt: Date | null;
  readonly createdAt: Date;
}

export type UserEvent = {
  [Type in keyof AccountEvents]: { type: Type; data: AccountEvents[Type] };
}[keyof AccountEvents];

/** What becomes of a user, and what there is to tell of it: nothing, when it is so already. */
export interface Decision {
  user: User;
  events: UserEvent[];
}

/** What somebody registers with, checked. */
export interface Registration {
  id: string;
  email: EmailAddress;
  passwordHash: string;
  firstName: string;
  lastName: string;
  role: Role;
  locale?: MailLocale;
  at: Date;
}

export function register(registration: Registration): Decision {
  const { id, passwordHash, firstName, lastName, role, locale, at } = registration;
  const email = registration.email.text;
  return {
    user: {
      id,
      email,
      passwordHash,
      role,
      credentialVersion: 1,
      disabledAt: null,
      createdAt: at,
    },
    events: [
      {
        type: 'user.registered',
        data: { email, firstName, lastName, role, ...(locale && { locale }) },
      },
    ],
  };
}

/**
 * Gives another role. One that may do less ends what was issued for more.
 * @param others the administrators besides this user
 * @throws AppError `illegal-transition` for the last administrator
 */
export function changeRole(user: User, role: Role, others: number): Decision {
  if (role === user.role) return { user, events: [] };
  if (isAdministrator(user)) assertReplaceable(others);
  const lowered = ROLES.indexOf(role) < ROLES.indexOf(user.role);
  const credentialVersion = user.credentialVersion + (lowered ? 1 : 0);
  return {
    user: { ...user, role, credentialVersion },
    events: [{ type: 'user.role_changed', data: { role } }],
  };
}

/**
 * Ends everything that speaks for the user.
 * @param others the administrators besides this user
 * @throws AppError `illegal-transition` for the last administrator
 */
export function disable(user: User, others: number, at: Date): Decision {
  if (user.disabledAt) return { user, events: [] };
  if (isAdministrator(user)) assertReplaceable(others);
  const credentialVersion = user.credentialVersion + 1;
  return {
    user: { ...user, credentialVersion, disabledAt: at },
    events: [{ type: 'user.disabled', data: {} }],
  };
}

/**
 * What there is to tell before a user is gone.
 * @param others the administrators besides this user
 * @throws AppError `illegal-transition` for the last administrator
 */
export function erase(user: User, others: number): UserEvent[] {
  if (isAdministrator(user)) assertReplaceable(others);
  return [{ type: 'user.erased', data: {} }];
}

/** Somebody who can administer the others at this moment. */
export function isAdministrator({ role, disabledAt }: Pick<User, 'role' | 'disabledAt'>): boolean {
  return role === 'admin' && disabledAt === null;
}

/** The account as other services may know it. */
export function toView({
  id,
  email,
  role,
  credentialVersion,
  disabledAt,
  createdAt,
}: User): AccountView {
  return {
    id: toId('usr', id),
    email,
    role,
    credentialVersion,
    disabled: disabledAt !== null,
    createdAt: createdAt.toISOString(),
  };
}

/** Without administrators nobody could make one, other than from the command line. */
function assertReplaceable(others: number): void {
  if (others > 0) return;
  throw new AppError(
    'illegal-transition',
    'This is the last administrator: make another one first.',
  );
}
