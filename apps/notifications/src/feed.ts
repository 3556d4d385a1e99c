import type { EventEnvelope } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import type { FeedPage } from '@flotilla/contracts/notifications';
import { PERSONAL_DATA } from '@flotilla/contracts/personal-data';
import { Database, type Sql, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

/** The advisory lock of those who add to the feed. */
export const FEED_LOCK = 0x66656564;

/** What a transaction announces (`Database.onCommit`) that has added to the feed. */
export const FEED_GREW = 'feed-grew';

/** The event feed: all events of all services, each once, in one order that never changes. */
@Injectable()
export class Feed {
  constructor(private readonly database: Database) {}

  /** Adds an event at the end; inside the transaction of the inbox. What is about somebody who is erased is fed without that. */
  add(tx: Transaction, event: EventEnvelope): void {
    tx.beforeCommit(addAll, event);
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

async function addAll(tx: Transaction, events: readonly EventEnvelope[]): Promise<void> {
  // One at a time: else a later position could become visible first, and whoever reads on from it would never see the earlier.
  const added = await tx.rows<{ type: string; owner: string | null }>(
    `WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock($1))
     INSERT INTO feed (event_id, envelope)
     SELECT (item->>'id')::uuid, item->'envelope'
     FROM turn, jsonb_array_elements($2::jsonb) WITH ORDINALITY AS given(item, nth) ORDER BY nth
     RETURNING type, owner`,
    [
      FEED_LOCK,
      JSON.stringify(events.map((envelope) => ({ id: toUuid('evt', envelope.id), envelope }))),
    ],
  );
  tx.announce(FEED_GREW);
  // Events of different services come in any order: an order may be heard of after its user was erased.
  const concerned = added.flatMap(({ type, owner }) => (owner && isAboutPeople(type) ? owner : []));
  if (concerned.length > 0) await redactErased(tx, concerned);
}

function isAboutPeople(type: string): boolean {
  return type in PERSONAL_DATA || type === 'user.erased';
}

/** Blanks what events tell about those of the users who are erased: events of the user, and of the orders and keys that were the user's. */
async function redactErased(tx: Sql, userIds: readonly string[]): Promise<void> {
  // Asked first, alone: next to nobody is, and the rest need not even be planned then.
  const erased = await tx.rows<{ user_id: string; stream: string }>(
    `SELECT envelope->>'subject' AS user_id, envelope->>'streamId' AS stream FROM feed
     WHERE envelope->>'type' = 'user.erased' AND envelope->>'subject' = ANY($1)`,
    [userIds],
  );
  if (erased.length === 0) return;
  const users = erased.map(({ user_id }) => user_id);
  const blank = JSON.stringify(PERSONAL_DATA);
  await tx.rows(
    `UPDATE feed
     SET envelope = jsonb_set(envelope, '{data}', envelope->'data' || ($3::jsonb->(envelope->>'type')))
     WHERE envelope->>'type' IN ('user.registered', 'order.placed', 'order.cancelled')
       AND envelope->>'streamId' IN (
         SELECT unnest($1::text[])
         UNION ALL SELECT envelope->>'streamId' FROM feed
         WHERE envelope->>'type' = 'order.placed' AND envelope->'actor'->>'userId' = ANY($2))`,
    [erased.map(({ stream }) => stream), users, blank],
  );
  await tx.rows(
    `UPDATE feed
     SET envelope = jsonb_set(envelope, '{data}', envelope->'data' || ($2::jsonb->type))
     WHERE mode IN ('live', 'test') AND type IN ('api_key.created', 'api_key.changed') AND owner = ANY($1)`,
    [users, blank],
  );
}
