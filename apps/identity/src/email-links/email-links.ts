import { createHash, randomBytes } from 'node:crypto';
import type { LinkPurpose } from '@flotilla/contracts/mail';
import { Clock } from '@flotilla/runtime/clock';
import { Database, type Sql } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

/** How long a link in a mail works. */
export const LINK_MINUTES = 15;

/** The tokens of links in mails: 256 random bits, good once, for 15 minutes; stored as hashes. */
@Injectable()
export class EmailLinks {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** A fresh token; those before stay good for their time, as mails overtake each other. */
  async issue(accountId: string, purpose: LinkPurpose): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(this.clock.now().getTime() + LINK_MINUTES * 60_000);
    await this.database.rows(
      'INSERT INTO email_links (token_hash, account_id, purpose, expires_at) VALUES ($1, $2, $3, $4)',
      [hashOf(token), accountId, purpose, expiresAt],
    );
    return token;
  }

  /** Whether a token would be taken; looking at it uses nothing up, since mail scanners look, too. */
  async isGood(token: string, purpose: LinkPurpose): Promise<boolean> {
    const rows = await this.database.rows(
      'SELECT 1 FROM email_links WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3',
      [hashOf(token), purpose, this.clock.now()],
    );
    return rows.length === 1;
  }

  /** The account that a token was for, once; with it go all others of the account for that purpose. Null for any other token. */
  async redeem(tx: Sql, token: string, purpose: LinkPurpose): Promise<string | null> {
    const [row] = await tx.rows<{ account_id: string }>(
      `DELETE FROM email_links WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3 RETURNING account_id`,
      [hashOf(token), purpose, this.clock.now()],
    );
    if (!row) return null;
    await tx.rows('DELETE FROM email_links WHERE account_id = $1 AND purpose = $2', [
      row.account_id,
      purpose,
    ]);
    return row.account_id;
  }

  /** Removes what has expired. */
  async sweep(): Promise<void> {
    await this.database.rows('DELETE FROM email_links WHERE expires_at <= $1', [this.clock.now()]);
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
