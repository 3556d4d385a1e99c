import type { DeadLetterView } from '@flotilla/contracts/event-stream';
import type { EventEnvelope } from '@flotilla/contracts/events';
import { newUuid, toUuid } from '@flotilla/contracts/ids';
import type { EventDelivery } from '@flotilla/messaging/events';
import { Database, type Sql } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

/** Attempts after which an event is dead. */
export const MAX_ATTEMPTS = 5;

const NEVER_CAME_BACK = 'no attempt came back';

const INSERT = `
  INSERT INTO dead_letters AS letter
    (id, consumer, event_id, stream_id, version, event, reason, attempts, failed_at)`;

/**
 * The rows of `dead_letters`. One is opened when an event is delivered again, so that attempts that killed the process
 * are counted too; it is dead from `failed_at` on, and gone or replayed once the event was applied.
 */
@Injectable()
export class Letters {
  constructor(private readonly database: Database) {}

  /** Counts an attempt that is about to begin; false when the event is dead, and must not be tried. */
  async open({ consumer, event }: EventDelivery): Promise<boolean> {
    const [letter] = await this.database.rows<{ attempts: number }>(
      `${INSERT} VALUES ($1, $2, $3, $4, $5, $6, '${NEVER_CAME_BACK}', 2, NULL)
       ON CONFLICT (consumer, event_id) DO UPDATE SET attempts = letter.attempts + 1
       WHERE letter.failed_at IS NULL AND letter.replayed_at IS NULL
       RETURNING attempts`,
      letterOf(consumer, event),
    );
    if (letter && letter.attempts <= MAX_ATTEMPTS) return true;
    await this.database.rows(
      `UPDATE dead_letters SET failed_at = now(), attempts = least(attempts, ${MAX_ATTEMPTS})
       WHERE consumer = $1 AND event_id = $2 AND failed_at IS NULL AND replayed_at IS NULL`,
      [consumer, toUuid('evt', event.id)],
    );
    return false;
  }

  /** Takes back the count of an attempt that failed through no fault of the event. */
  async uncount({ consumer, event }: EventDelivery): Promise<void> {
    await this.database.rows(
      `UPDATE dead_letters SET attempts = attempts - 1
       WHERE consumer = $1 AND event_id = $2 AND failed_at IS NULL AND replayed_at IS NULL`,
      [consumer, toUuid('evt', event.id)],
    );
  }

  /** Writes down why an attempt (or a replay) failed, and declares the event dead after the last one; true when it is dead. */
  async failed({ consumer, event }: EventDelivery, reason: string): Promise<boolean> {
    const [letter] = await this.database.rows<{ dead: boolean }>(
      `UPDATE dead_letters
       SET reason = $3,
         attempts = attempts + (failed_at IS NOT NULL)::int,
         failed_at = CASE WHEN attempts >= ${MAX_ATTEMPTS} THEN now() ELSE failed_at END
       WHERE consumer = $1 AND event_id = $2 AND replayed_at IS NULL
       RETURNING failed_at IS NOT NULL AS dead`,
      [consumer, toUuid('evt', event.id), reason],
    );
    return letter?.dead ?? false;
  }

  /** Declares an event dead that was tried on behalf of a later one of its stream. */
  async bury(consumer: string, event: EventEnvelope, reason: string): Promise<void> {
    await this.database.rows(
      `${INSERT} VALUES ($1, $2, $3, $4, $5, $6, $7, ${MAX_ATTEMPTS}, now())
       ON CONFLICT (consumer, event_id) DO UPDATE SET failed_at = now(), reason = excluded.reason
       WHERE letter.replayed_at IS NULL`,
      [...letterOf(consumer, event), reason],
    );
  }

  /**
   * Puts an event aside behind the dead one that its stream waits for; false when there is none.
   * The lock on that one makes a replay of it see this letter, or this see the replay.
   */
  async park({ consumer, event, attempt }: EventDelivery): Promise<boolean> {
    const parked = await this.database.rows(
      `${INSERT}
       SELECT $1, $2, $3, $4, $5, $6, 'waits for version ' || dead.version, $7, now() FROM (
         SELECT version FROM dead_letters
         WHERE consumer = $2 AND stream_id = $4 AND version < $5
           AND failed_at IS NOT NULL AND replayed_at IS NULL
         ORDER BY version LIMIT 1 FOR SHARE) dead
       ON CONFLICT (consumer, event_id) DO UPDATE SET failed_at = now(), reason = excluded.reason
       RETURNING id`,
      [...letterOf(consumer, event), attempt],
    );
    return parked.length > 0;
  }

  /** For the transaction that applies an event: a letter that was only open goes, a dead one stays as replayed. */
  async resolve(sql: Sql, { consumer, event }: EventDelivery): Promise<void> {
    await sql.rows(
      `WITH replayed AS (
         UPDATE dead_letters SET replayed_at = now()
         WHERE consumer = $1 AND event_id = $2 AND failed_at IS NOT NULL AND replayed_at IS NULL)
       DELETE FROM dead_letters WHERE consumer = $1 AND event_id = $2 AND failed_at IS NULL`,
      [consumer, toUuid('evt', event.id)],
    );
  }

  /** The dead letters that are not replayed, oldest first. */
  async dead(limit: number): Promise<DeadLetterView[]> {
    const rows = await this.database.rows<Omit<DeadLetterView, 'failedAt'> & { failedAt: Date }>(
      `SELECT id, consumer, event, reason, attempts, failed_at AS "failedAt" FROM dead_letters
       WHERE failed_at IS NOT NULL AND replayed_at IS NULL ORDER BY failed_at, id LIMIT $1`,
      [limit],
    );
    return rows.map((row) => ({ ...row, failedAt: row.failedAt.toISOString() }));
  }

  /** How many dead letters are not replayed. */
  async count(): Promise<number> {
    const [row] = await this.database.rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM dead_letters
       WHERE failed_at IS NOT NULL AND replayed_at IS NULL`,
    );
    return row!.count;
  }

  /** The streams, by consumer, that some of these letters (or any, for null) hold up. */
  stuck(ids: readonly string[] | null): Promise<{ consumer: string; streamId: string }[]> {
    return this.database.rows(
      `SELECT consumer, stream_id AS "streamId" FROM dead_letters
       WHERE failed_at IS NOT NULL AND replayed_at IS NULL AND ($1::uuid[] IS NULL OR id = ANY($1))
       GROUP BY consumer, stream_id ORDER BY min(failed_at)`,
      [ids],
    );
  }

  /** The first dead event of a stream for a consumer, if any. */
  async first(consumer: string, streamId: string): Promise<EventEnvelope | undefined> {
    const [letter] = await this.database.rows<{ event: EventEnvelope }>(
      `SELECT event FROM dead_letters
       WHERE consumer = $1 AND stream_id = $2 AND failed_at IS NOT NULL AND replayed_at IS NULL
       ORDER BY version LIMIT 1`,
      [consumer, streamId],
    );
    return letter?.event;
  }
}

function letterOf(consumer: string, event: EventEnvelope): unknown[] {
  const { id, streamId, version } = event;
  return [newUuid(), consumer, toUuid('evt', id), streamId, version, JSON.stringify(event)];
}
