import type { EventEnvelope } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import type { FeedPage } from '@flotilla/contracts/notifications';
import { Database, type Sql } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

/** The advisory lock of those who add to the feed. */
export const FEED_LOCK = 0x66656564;

/** The event feed: all events of all services, each once, in one order that never changes. */
@Injectable()
export class Feed {
  constructor(private readonly database: Database) {}

  /** Adds an event at the end; inside the transaction of the inbox. */
  async add(tx: Sql, event: EventEnvelope): Promise<void> {
    // One at a time: else a later position could become visible first, and whoever reads on from it would never see the earlier.
    await tx.rows('SELECT pg_advisory_xact_lock($1)', [FEED_LOCK]);
    await tx.rows('INSERT INTO feed (event_id, envelope) VALUES ($1, $2)', [
      toUuid('evt', event.id),
      JSON.stringify(event),
    ]);
  }

  /** Up to `limit` events after a position, oldest first. */
  async read(after: number, limit: number): Promise<FeedPage> {
    const rows = await this.database.rows<{ position: string; envelope: EventEnvelope }>(
      'SELECT position, envelope FROM feed WHERE position > $1 ORDER BY position LIMIT $2',
      [after, limit],
    );
    return {
      data: rows.map((row) => row.envelope),
      position: Number(rows.at(-1)?.position ?? after),
    };
  }
}
