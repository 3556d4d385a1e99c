import { IsIn, IsString } from 'class-validator';
import type { Id } from './ids.js';
import { operation } from './operation.js';

/** Languages that mails are written in. */
export const MAIL_LOCALES = ['en', 'ko'] as const;
export type MailLocale = (typeof MAIL_LOCALES)[number];

/** What a link in a mail is for. */
export const LINK_PURPOSES = ['confirm-email', 'reset-password'] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

/**
 * Somebody asked for a mail with a link. Internal: it is in no feed, and the link is not in it. Each is a stream of its own;
 * the subject is the user.
 */
export interface MailEvents {
  'mail.requested': { purpose: LinkPurpose; locale: MailLocale };
}

/** A link to be mailed, at the moment when it is mailed: it is never stored. */
export class IssueEmailLinkRequest {
  @IsString()
  userId: Id<'usr'>;

  @IsIn(LINK_PURPOSES)
  purpose: LinkPurpose;
}

export interface EmailLinkView {
  /** The address to send it to. */
  email: string;
  url: string;
  /** How long it works from now on. */
  minutes: number;
}

export const IssueEmailLink = operation<EmailLinkView>()(
  'identity.issue-email-link.v1',
  IssueEmailLinkRequest,
  { idempotent: true, errors: ['not-found'] },
);
