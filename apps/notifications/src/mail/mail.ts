import type { MailLocale } from '@flotilla/contracts/mail';

/** What a mail says, apart from how it looks. */
export interface MailContent {
  subject: string;
  greeting: string;
  paragraphs: string[];
  /** What it is about, one by one, with amounts where they matter. */
  lines?: MailLine[];
  total?: MailLine;
  /** The one thing to do. */
  action?: { label: string; url: string };
  /** What is said in small letters below. */
  notes: string[];
}

export interface MailLine {
  text: string;
  amount?: string;
}

/** The words of one kind of mail in every language. */
export type MailTemplate<Data> = Record<MailLocale, (data: Data) => MailContent>;

/** A mail that is ready to go. */
export interface Mail {
  /** The same at every attempt, so that a server or a reader may recognise a repetition. */
  id: string;
  to: string;
  subject: string;
  html: string;
  text: string;
}
