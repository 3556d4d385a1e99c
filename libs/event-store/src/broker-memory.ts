import type { EventChannel } from '@flotilla/contracts/events';
import { toId } from '@flotilla/contracts/ids';
import { JetStream, RETENTION_MS } from '@flotilla/messaging/jetstream';
import { Database, type Sql } from '@flotilla/runtime/database';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { Inject, Injectable } from '@nestjs/common';
import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';
import { EVENT_CHANNEL } from './event-store-options.js';
import { lastRemembered, type Recorded } from './last-remembered.js';

/** Rows taken back in one statement, so that each stays well below the statement timeout. */
const STEP = 2_000;
/** Younger events the broker ought to have; a minute less than its retention, since its clock is not ours. */
const REMEMBERED_MS = RETENTION_MS - 60_000;

/** What expired at the broker is not published again; it only loses its place, which now belongs to another event. */
const TAKE_BACK = `
  published_seq = NULL,
  published_at = CASE
    WHEN published_at > clock_timestamp() - interval '${REMEMBERED_MS / 1000} seconds' THEN NULL
    ELSE published_at END`;

interface RecordedEvent extends Recorded {
  id: string;
  ageMs: number;
}

/** Notices that the broker has forgotten events it acknowledged, and has them published again. */
@Injectable()
export class BrokerMemory {
  private readonly forgotten;

  constructor(
    private readonly database: Database,
    private readonly jetStream: JetStream,
    private readonly logger: Logger,
    @Inject(EVENT_CHANNEL) private readonly channel: EventChannel,
    metrics: Metrics,
  ) {
    this.forgotten = metrics.counter(
      'events_forgotten_total',
      'Events that the broker had acknowledged and lost; they are published again',
    );
  }

  /**
   * Compares what we recorded with what the broker holds; where they part, everything after is unpublished again.
   * Many replicas may do this at once: an event that is published twice changes nothing. Throws when NATS does not answer.
   */
  async verify(): Promise<void> {
    const manager = await this.jetStream.manager();
    const stream = await this.stream(manager);
    const newest = await this.recorded(Number.MAX_SAFE_INTEGER);
    if (!newest) return;
    const remembers = (event: RecordedEvent) => this.remembers(manager, stream, event);
    if (await remembers(newest)) return;
    const last = await lastRemembered(newest.seq, (atMost) => this.recorded(atMost), remembers);
    const count = await this.takeBackAfter(last, newest.seq);
    this.forgotten.inc(count);
    this.logger.warn(
      { stream: this.channel.stream, after: last, upTo: newest.seq, count },
      'the broker forgot events, publishing them again',
    );
  }

  /** For new events at places that others were recorded to have: the broker has forgotten those others. */
  async takeBackAt(sql: Sql, seqs: readonly number[]): Promise<void> {
    const taken = await sql.rows(
      `UPDATE events SET ${TAKE_BACK} WHERE published_seq = ANY($1) RETURNING 1`,
      [seqs],
    );
    this.forgotten.inc(taken.length);
  }

  private async stream({ streams }: JetStreamManager): Promise<StreamInfo> {
    try {
      return await streams.info(this.channel.stream);
    } catch (error) {
      const isGone =
        error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
      if (!isGone) throw error;
      await this.jetStream.ensureStream(this.channel);
      return streams.info(this.channel.stream);
    }
  }

  /** The event with the highest recorded sequence up to `atMost`. */
  private async recorded(atMost: number): Promise<RecordedEvent | undefined> {
    const [row] = await this.database.rows<{ id: string; seq: string; age: number }>(
      `SELECT id, published_seq AS seq,
         (extract(epoch FROM clock_timestamp() - published_at) * 1000)::float8 AS age
       FROM events WHERE published_seq <= $1 ORDER BY published_seq DESC LIMIT 1`,
      [atMost],
    );
    return row && { id: toId('evt', row.id), seq: Number(row.seq), ageMs: row.age };
  }

  private async remembers(
    { streams }: JetStreamManager,
    stream: StreamInfo,
    { id, seq, ageMs }: RecordedEvent,
  ): Promise<boolean> {
    if (seq > stream.state.last_seq) return false;
    const message = await streams.getMessage(this.channel.stream, { seq });
    if (message) return message.header.get('Nats-Msg-Id') === id;
    // Missing by age is as it should be; missing while young is not.
    return ageMs > REMEMBERED_MS;
  }

  /** From the newest down, so that an interrupted run leaves the rest to the next one. */
  private async takeBackAfter(last: number, newest: number): Promise<number> {
    for (let count = 0; ;) {
      const rows = await this.database.rows(
        `UPDATE events SET ${TAKE_BACK}
         WHERE published_seq > $1 AND published_seq <= $2 AND id IN (
           SELECT id FROM events WHERE published_seq > $1 AND published_seq <= $2
           ORDER BY published_seq DESC LIMIT ${STEP})
         RETURNING 1`,
        [last, newest],
      );
      if (rows.length === 0) return count;
      count += rows.length;
    }
  }
}
