import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

/** Events of the feed that are looked at together. */
const PAGE = 500;

/** Whoever does something about every event of the feed, by the name under which its place is kept. */
export type FeedReader = 'webhooks' | 'mails';

/** Part of the feed: what has a position after `after`, up to `upTo`. */
export interface FeedPart {
  after: string;
  upTo: string;
}

/** Lets readers of this service follow the feed: each sees every event once, and acts on it in the transaction that moves on. */
@Injectable()
export class FeedFollower {
  constructor(private readonly database: Database) {}

  /**
   * The next part of the feed for a reader, if there is one; one process at a time. Answers whether there is more.
   * Throws what `work` throws; the reader then gets the same part again.
   */
  async next(
    reader: FeedReader,
    work: (tx: Transaction, part: FeedPart) => Promise<void>,
  ): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      // Whoever comes second waits here, and then sees what is behind the first: positions appear in their order.
      const [place] = await tx.rows<{ position: string }>(
        'SELECT position FROM feed_places WHERE reader = $1 FOR UPDATE',
        [reader],
      );
      const after = place!.position;
      const [part] = await tx.rows<{ up_to: string | null; count: number }>(
        `SELECT max(position) AS up_to, count(*)::int AS count FROM (
           SELECT position FROM feed WHERE position > $1 ORDER BY position LIMIT ${PAGE}) AS next`,
        [after],
      );
      const { up_to: upTo, count } = part!;
      if (upTo === null) return false;
      await work(tx, { after, upTo });
      await tx.rows('UPDATE feed_places SET position = $2 WHERE reader = $1', [reader, upTo]);
      return count === PAGE;
    });
  }
}
