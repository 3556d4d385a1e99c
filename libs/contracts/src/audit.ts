import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Id } from './ids.js';
import { operation } from './operation.js';
import { type Page, PageQuery } from './pages.js';

/** Everything that the audit trail tells of. */
export const AUDIT_TYPES = [
  'account.registered',
  'account.role-changed',
  'account.disabled',
  'account.erased',
  'email.confirmed',
  'sign-in.password',
  'sign-in.second-factor',
  'sign-in.recovery-code',
  'sign-in.passkey',
  'sign-in.completed',
  'sign-out',
  'password.reset-requested',
  'password.reset',
  'second-factor.enrolled',
  'second-factor.removed',
  'recovery-codes.renewed',
  'passkey.added',
  'passkey.removed',
  'session.ended',
  'grant.given',
  'grant.refused',
  'grant.revoked',
  'device.connected',
  'device.refused',
  'token.issued',
  'token.revoked',
  /** A code or refresh token that had been used up was shown again: all that came of it is over. */
  'token.reused',
  /** A client failed to prove who it is. */
  'client.authentication',
  /** Somebody was given a token to register clients by themselves. */
  'client.registration-allowed',
  'client.created',
  'client.changed',
  'client.secret-rotated',
  'client.deleted',
  'signing-keys.rotated',
] as const;

export type AuditType = (typeof AUDIT_TYPES)[number];
export type AuditOutcome = 'success' | 'failure';

/** One entry of the audit trail. */
export interface AuditEventView {
  id: Id<'evt'>;
  type: AuditType;
  outcome: AuditOutcome;
  /** The user that it happened to. */
  userId: Id<'usr'> | null;
  /** Who did it: a user id, a client id, `system` or `anonymous`; the key that a user did it with is in the details. */
  actor: string;
  /** The IP address that it came from. */
  address: string | null;
  clientId: string | null;
  details: Record<string, string | number | boolean>;
  occurredAt: string;
}

/** The audit trail, newest first; of one user or one type if asked. */
export class ListAuditEventsRequest extends PageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(64)
  userId?: Id<'usr'>;

  @IsOptional()
  @IsIn(AUDIT_TYPES)
  type?: AuditType;
}

export const ListAuditEvents = operation<Page<AuditEventView>>()(
  'identity.list-audit-events.v1',
  ListAuditEventsRequest,
  { idempotent: true, errors: ['validation-failed'] },
);
