import type { EventEnvelope } from '@flotilla/contracts/events';
import { toId } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { testEvent } from '../domain/message.js';
import { toFeedEvent } from '../feed-event.js';
import { FeedFollower } from '../feed-follower.js';
import type { ClaimedDelivery } from '../use-cases/ports.js';
import { DELIVERIES_DUE } from './deliveries.repository.js';

/** A delivery may be sent by somebody else when nobody has reported on it for so long: longer than an attempt takes. */
const LEASE_MS = 60_000;
/** How many messages an endpoint is sent at once by this process, and one that has failed lately. */
const AT_ONCE = 16;
const AT_ONCE_WHEN_FAILING = 1;
/** And all endpoints of one owner, so that nobody's can take every turn there is. */
const AT_ONCE_OF_OWNER = 64;
/** What has ended is in the log for so long. */
const LOG_DAYS = 30;
const LOG_BATCH = 1_000;

const DECIDE = `
  INSERT INTO webhook_deliveries (id, endpoint_id, event_id, event_type, started_at, due_at, created_at)
  SELECT gen_random_uuid(), endpoint.id, event_id, type, $3, $3, $3
  FROM feed JOIN webhook_endpoints AS endpoint ON endpoint.mode = feed.mode AND type = ANY(event_types)
  WHERE position > $1 AND position <= $2 AND position > hears_after AND disabled IS NULL
    AND (hears_all OR type NOT LIKE 'stock.%' AND feed.owner = endpoint.owner)
  ON CONFLICT DO NOTHING`;

const CLAIM = `
  WITH free AS (
    SELECT endpoint.id, user_id,
      ${AT_ONCE_OF_OWNER} - sum(coalesce(busy.count, 0)) OVER (PARTITION BY user_id) AS room_of_owner,
      greatest(0, CASE WHEN is_failing THEN ${AT_ONCE_WHEN_FAILING} ELSE ${AT_ONCE} END - coalesce(busy.count, 0)) AS room
    FROM webhook_endpoints AS endpoint
    LEFT JOIN unnest($3::uuid[], $4::int[]) AS busy(id, count) USING (id)
    WHERE disabled IS NULL),
  due AS (
    SELECT id FROM (
      SELECT next.*, room_of_owner, row_number() OVER (PARTITION BY user_id ORDER BY next.due_at) AS nth_of_owner
      FROM free CROSS JOIN LATERAL (
        SELECT id, due_at FROM webhook_deliveries WHERE endpoint_id = free.id AND due_at <= $1
        ORDER BY due_at, id LIMIT free.room) AS next) AS waiting
    WHERE nth_of_owner <= room_of_owner ORDER BY due_at LIMIT $5),
  claimed AS (
    UPDATE webhook_deliveries AS delivery SET attempts = attempts + 1, due_at = $2
    WHERE id IN (SELECT id FROM webhook_deliveries WHERE id IN (SELECT id FROM due) AND due_at <= $1 FOR UPDATE SKIP LOCKED)
    RETURNING id, endpoint_id, event_id, attempts, started_at, created_at)
  SELECT claimed.*, url, secret, previous_secret, previous_until, is_failing, envelope
  FROM claimed JOIN webhook_endpoints AS endpoint ON endpoint.id = endpoint_id LEFT JOIN feed USING (event_id)`;

interface ClaimedRow {
  id: string;
  endpoint_id: string;
  event_id: string;
  attempts: number;
  started_at: Date;
  created_at: Date;
  url: string;
  secret: string;
  previous_secret: string | null;
  previous_until: Date | null;
  is_failing: boolean;
  /** Null for a test. */
  envelope: EventEnvelope | null;
}

/** Which events are to go where, and which of them are to go now. Any number of processes may ask. */
@Injectable()
export class DeliveryQueue {
  constructor(
    private readonly database: Database,
    private readonly follower: FeedFollower,
    private readonly clock: Clock,
  ) {}

  /** Whether there is anybody to hear of anything. */
  async hasEndpoints(): Promise<boolean> {
    const [row] = await this.database.rows<{ found: boolean }>(
      'SELECT EXISTS (SELECT FROM webhook_endpoints WHERE disabled IS NULL) AS found',
    );
    return row!.found;
  }

  /** Decides who hears of the next events of the feed, each event once; answers whether there are more. */
  decide(): Promise<boolean> {
    return this.follower.next('webhooks', async (tx, { after, upTo }) => {
      await tx.rows(DECIDE, [after, upTo, this.clock.now()]);
      tx.announce(DELIVERIES_DUE);
    });
  }

  /**
   * Deliveries that are due, for this process alone until their lease is over: of each endpoint only some, and of each owner,
   * so that those which do not answer take no other's turn.
   * @param busy how many each endpoint, by uuid, is being sent by this process already
   */
  async claim(limit: number, busy: ReadonlyMap<string, number>): Promise<ClaimedDelivery[]> {
    const now = this.clock.now();
    const rows = await this.database.rows<ClaimedRow>(CLAIM, [
      now,
      new Date(now.getTime() + LEASE_MS),
      [...busy.keys()],
      [...busy.values()],
      limit,
    ]);
    return rows.map(toClaimed);
  }

  /** Drops what has ended long ago from the log; answers whether there may be more. */
  async forgetOld(): Promise<boolean> {
    const rows = await this.database.rows(
      `DELETE FROM webhook_deliveries WHERE id IN (
         SELECT id FROM webhook_deliveries WHERE due_at IS NULL AND last_attempt_at < $1::timestamptz - interval '${LOG_DAYS} days'
         LIMIT ${LOG_BATCH} FOR UPDATE SKIP LOCKED)
       RETURNING 1`,
      [this.clock.now()],
    );
    return rows.length === LOG_BATCH;
  }
}

function toClaimed(row: ClaimedRow): ClaimedDelivery {
  const eventId = toId('evt', row.event_id);
  const event = row.envelope
    ? toFeedEvent(row.envelope)
    : testEvent(eventId, row.endpoint_id, row.created_at);
  return {
    id: row.id,
    endpoint: {
      id: row.endpoint_id,
      url: row.url,
      secrets: {
        current: row.secret,
        previous: row.previous_secret,
        previousUntil: row.previous_until,
      },
    },
    isFailing: row.is_failing,
    eventId,
    startedAt: row.started_at,
    attempts: row.attempts,
    body: JSON.stringify(event),
    occurredAt: row.envelope && new Date(row.envelope.occurredAt),
  };
}
