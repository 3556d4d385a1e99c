import {
  type NumberedRevocation,
  type RevocationEntry,
  REVOCATIONS_MATTER_MS,
  type RevocationPage,
} from '@flotilla/contracts/revocation';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

/** Entries in one page: well below the megabyte that NATS carries. */
const PAGE = 1_000;

// The row of the newest sequence stays locked until the commit, so entries are numbered in the order in which they become visible.
const APPEND = `
  WITH numbered AS (
    UPDATE revocation_sequence SET newest = newest + jsonb_array_length($1::jsonb) RETURNING newest
  )
  INSERT INTO revocations (sequence, entry, revoked_at)
  SELECT newest - jsonb_array_length($1::jsonb) + place, entry, clock_timestamp()
  FROM numbered, jsonb_array_elements($1::jsonb) WITH ORDINALITY AS given(entry, place)`;

const READ = `
  SELECT sequence::float8 AS sequence, entry FROM revocations WHERE sequence > $1 ORDER BY sequence LIMIT ${PAGE}`;

const BEFORE_WHAT_MATTERS = `
  SELECT coalesce(max(sequence), 0)::float8 AS after FROM revocations
  WHERE revoked_at <= now() - make_interval(secs => $1)`;

/** The table of the feed. Sequences are whole numbers below 2^53. */
@Injectable()
export class RevocationLog {
  constructor(private readonly database: Database) {}

  async append(tx: Transaction, entries: readonly RevocationEntry[]): Promise<void> {
    await tx.rows(APPEND, [JSON.stringify(entries)]);
  }

  /** The sequence of the last committed entry; 0 before the first. */
  async newest(): Promise<number> {
    const [row] = await this.database.rows<{ newest: number }>(
      'SELECT newest::float8 AS newest FROM revocation_sequence',
    );
    return row!.newest;
  }

  /** A page of what follows a sequence or, without one, of what may still concern a token that is in use. */
  async read(after?: number): Promise<RevocationPage> {
    const from = after ?? (await this.beforeWhatMatters());
    return { after: from, entries: await this.database.rows<NumberedRevocation>(READ, [from]) };
  }

  private async beforeWhatMatters(): Promise<number> {
    const [row] = await this.database.rows<{ after: number }>(BEFORE_WHAT_MATTERS, [
      REVOCATIONS_MATTER_MS / 1_000,
    ]);
    return row!.after;
  }
}
