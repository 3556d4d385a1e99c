import { type EventChannel, eventSubject } from '@flotilla/contracts/events';
import { REQUEST_ID_HEADER } from '@flotilla/messaging/headers';
import { JetStream } from '@flotilla/messaging/jetstream';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { failpoint } from '@flotilla/runtime/failpoints';
import { Metrics } from '@flotilla/runtime/metrics';
import { Inject, Injectable } from '@nestjs/common';
import type { JetStreamClient, PubAck } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { BrokerMemory } from './broker-memory.js';
import { EVENT_CHANNEL } from './event-store-options.js';
import { EVENT_COLUMNS, type EventMetadata, type EventRow, toEnvelope } from './stored-event.js';

/** Events published in one transaction, at most. */
export const BATCH = 500;
/** How long the broker may take to acknowledge, in milliseconds. */
const ACK_MS = 5_000;

/** What became of one batch. */
export interface Published {
  /** Events taken up. */
  taken: number;
  /** The broker gave places that it had given before: it has forgotten something. */
  forgot: boolean;
  /** Why some were not acknowledged, if any; those stay unpublished. */
  failure?: Error;
}

interface UnpublishedRow extends EventRow {
  /** The highest sequence recorded before this batch; whatever is published now comes after it, unless the broker forgot. */
  known_seq: string | null;
}

/** Hands unpublished events to JetStream. Other replicas skip the rows that this one holds. */
@Injectable()
export class EventPublisher {
  private readonly published;

  constructor(
    private readonly database: Database,
    private readonly jetStream: JetStream,
    private readonly memory: BrokerMemory,
    @Inject(EVENT_CHANNEL) private readonly channel: EventChannel,
    metrics: Metrics,
  ) {
    this.published = metrics.counter(
      'events_published_total',
      'Events that the broker acknowledged',
    );
  }

  /**
   * Publishes the oldest unpublished events and records what the broker acknowledged, in one transaction: a crash in between
   * publishes again, under the same message ids. Throws when the database is away.
   */
  async publishBatch(): Promise<Published> {
    const client = (await this.jetStream.manager()).jetstream();
    return this.database.transaction(async (tx): Promise<Published> => {
      const rows = await tx.rows<UnpublishedRow>(
        `SELECT ${EVENT_COLUMNS}, (SELECT max(published_seq) FROM events) AS known_seq
         FROM events WHERE published_at IS NULL ORDER BY position LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
      );
      if (rows.length === 0) return { taken: 0, forgot: false };
      const outcomes = await Promise.allSettled(rows.map((row) => this.publish(client, row)));
      const acks = outcomes.flatMap((outcome, index) =>
        outcome.status === 'fulfilled' ? [{ ...outcome.value, id: rows[index]!.id }] : [],
      );
      failpoint(`${this.channel.producer}.relay-after-publish`);
      const known = Number(rows[0]!.known_seq ?? 0);
      const taken = acks.filter((ack) => !ack.duplicate && ack.seq <= known);
      if (taken.length > 0)
        await this.memory.takeBackAt(
          tx,
          taken.map((ack) => ack.seq),
        );
      await this.record(tx, acks);
      this.published.inc(acks.length);
      const refused = outcomes.find((outcome) => outcome.status === 'rejected');
      return {
        taken: rows.length,
        forgot: taken.length > 0,
        ...(refused && { failure: refused.reason as Error }),
      };
    });
  }

  private publish(client: JetStreamClient, row: EventRow): Promise<PubAck> {
    const envelope = toEnvelope(row);
    return client.publish(eventSubject(this.channel, row.type), JSON.stringify(envelope), {
      msgID: envelope.id,
      headers: originHeaders(row.metadata),
      timeout: ACK_MS,
    });
  }

  private async record(
    tx: Transaction,
    acks: readonly { id: string; seq: number }[],
  ): Promise<void> {
    if (acks.length === 0) return;
    await tx.rows(
      `UPDATE events SET published_at = clock_timestamp(), published_seq = acked.seq
       FROM unnest($1::uuid[], $2::bigint[]) AS acked(id, seq) WHERE events.id = acked.id`,
      [acks.map((ack) => ack.id), acks.map((ack) => ack.seq)],
    );
  }
}

/** The request and trace that the event came from, so that consumers continue them. */
function originHeaders({ requestId, traceparent }: EventMetadata): MsgHdrs {
  const origin = headers();
  if (requestId) origin.set(REQUEST_ID_HEADER, requestId);
  if (traceparent) origin.set('traceparent', traceparent);
  return origin;
}
