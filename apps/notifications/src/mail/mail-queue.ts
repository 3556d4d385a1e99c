import type { MailLocale } from '@flotilla/contracts/mail';
import type { Id } from '@flotilla/contracts/ids';
import { toId, toUuid } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { type MailKind, ORDER_MAILS, type OrderMailKind, type WantedLinkMail } from './compose.js';

/** What a transaction announces (`Database.onCommit`) that has queued a mail. */
export const MAIL_QUEUED = 'mail-queued';

/** A mail may be sent by somebody else when its sender has not reported for so long, in milliseconds. */
const LEASE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** How long a mail is tried: RFC 5321 §4.5.4.1 asks for four to five days. */
const GIVE_UP_AFTER = '4 days';

interface Claimed {
  userId: Id<'usr'>;
  /** How often it has been tried, this time included. */
  attempt: number;
}

/** A mail about an order; who gets it, and in which language, is asked when it is written. */
export interface ClaimedOrderMail extends Claimed {
  id: string;
  kind: OrderMailKind;
}

export type ClaimedLinkMail = WantedLinkMail & Claimed;

/** A mail that is this process's to send now. */
export type ClaimedMail = ClaimedLinkMail | ClaimedOrderMail;

export function isOrderMail(mail: ClaimedMail): mail is ClaimedOrderMail {
  return mail.kind in ORDER_MAILS;
}

interface MailRow {
  id: string;
  user_id: string;
  kind: MailKind;
  /** Null for mails about orders. */
  locale: MailLocale | null;
  name: string | null;
  attempts: number;
}

/** Mails that wait to be sent, each under the id of the event that wants it: one event, one mail. */
@Injectable()
export class MailQueue {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Queues a mail in the transaction of the inbox. */
  async add(tx: Transaction, mail: WantedLinkMail & { userId: Id<'usr'> }): Promise<void> {
    await tx.rows(
      `INSERT INTO mails (id, user_id, kind, locale, name, queued_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
       ON CONFLICT (id) DO NOTHING`,
      [
        toUuid('evt', mail.id),
        toUuid('usr', mail.userId),
        mail.kind,
        mail.locale,
        mail.name ?? null,
        this.clock.now(),
      ],
    );
    tx.announce(MAIL_QUEUED);
  }

  /** Queues mails about orders, each under the id of its event. */
  async addOrderMails(
    tx: Transaction,
    mails: readonly Omit<ClaimedOrderMail, 'attempt'>[],
  ): Promise<void> {
    if (mails.length === 0) return;
    await tx.rows(
      `INSERT INTO mails (id, user_id, kind, queued_at, due_at)
       SELECT id, user_id, kind, $4, $4 FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS wanted (id, user_id, kind)
       ON CONFLICT (id) DO NOTHING`,
      [
        mails.map(({ id }) => toUuid('evt', id)),
        mails.map(({ userId }) => toUuid('usr', userId)),
        mails.map(({ kind }) => kind),
        this.clock.now(),
      ],
    );
    tx.announce(MAIL_QUEUED);
  }

  /**
   * Mails that are due, for this process alone until their lease is over: those that somebody waits for first, then those
   * that have been due for the longest.
   */
  async claim(limit: number): Promise<ClaimedMail[]> {
    const now = this.clock.now();
    const rows = await this.database.rows<MailRow>(
      `UPDATE mails SET attempts = attempts + 1, due_at = $2
       WHERE id IN (
         SELECT id FROM mails WHERE due_at <= $1 ORDER BY (locale IS NULL), due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING id, user_id, kind, locale, name, attempts`,
      [now, new Date(now.getTime() + LEASE_MS), limit],
    );
    return rows.map(toClaimed);
  }

  /** It is on its way. Who it was for is nobody's business any more. */
  async sent(mail: ClaimedMail): Promise<void> {
    await this.finish(mail, 'sent');
  }

  /** There is nobody to send it to, or nobody takes it. */
  async dropped(mail: ClaimedMail): Promise<void> {
    await this.finish(mail, 'dropped');
  }

  /** To be tried again, after a pause that doubles from one second to a quarter of an hour; dropped after four days of that. */
  async failed(mail: ClaimedMail): Promise<void> {
    const now = this.clock.now();
    const pauseMs = Math.min(
      LONGEST_PAUSE_MS,
      FIRST_PAUSE_MS * 2 ** Math.min(mail.attempt - 1, 20),
    );
    const retried = await this.database.rows(
      `UPDATE mails SET due_at = $2 WHERE id = $1 AND queued_at > $3::timestamptz - interval '${GIVE_UP_AFTER}' RETURNING id`,
      [toUuid('evt', mail.id), new Date(now.getTime() + pauseMs), now],
    );
    if (retried.length === 0) await this.dropped(mail);
  }

  /** Forgets what was queued for a user who is gone. */
  async forget(tx: Transaction, userId: Id<'usr'>): Promise<void> {
    await tx.rows('DELETE FROM mails WHERE user_id = $1', [toUuid('usr', userId)]);
  }

  private async finish({ id }: ClaimedMail, outcome: 'sent' | 'dropped'): Promise<void> {
    await this.database.rows(
      'UPDATE mails SET due_at = NULL, name = NULL, outcome = $2, finished_at = $3 WHERE id = $1',
      [toUuid('evt', id), outcome, this.clock.now()],
    );
  }
}

function toClaimed({ id, user_id, kind, locale, name, attempts }: MailRow): ClaimedMail {
  const mail = { id: toId('evt', id), userId: toId('usr', user_id), attempt: attempts };
  return locale === null
    ? { ...mail, kind: kind as OrderMailKind }
    : { ...mail, kind: kind as WantedLinkMail['kind'], locale, name: name ?? undefined };
}
