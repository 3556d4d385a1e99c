import { AppError } from '@flotilla/contracts/errors';
import { type EventActor, eventActor, type EventEnvelope } from '@flotilla/contracts/events';
import { newUuid } from '@flotilla/contracts/ids';
import { PERSONAL_DATA, type PersonalEventType } from '@flotilla/contracts/personal-data';
import type { Sql, Transaction } from '@flotilla/runtime/database';
import { currentContext } from '@flotilla/runtime/request-context';
import { inject } from '@flotilla/runtime/tracing';
import { EVENT_COLUMNS, type EventMetadata, type EventRow, toEnvelope } from './stored-event.js';

/** What a transaction announces (`Database.onCommit`) when events were appended in it. */
export const EVENTS_APPENDED = 'events-appended';

/** A stream: its uuid, and the public id or SKU of what it is about. */
export interface StreamRef {
  id: string;
  subject: string;
}

/** An event that is about to be written; its data is plain JSON. */
export interface NewEvent {
  type: string;
  data: object;
}

export interface AppendOptions {
  /** When it happened; now when left out. */
  at?: Date;
  /** Who caused it; the actor of the current request when left out. */
  actor?: EventActor;
  /** What `eventMetadata` said in the request that it belongs to, when it is appended outside of that. */
  metadata?: EventMetadata;
}

/** One stream's part of an `appendMany`. */
export interface StreamAppend {
  stream: StreamRef;
  expectedVersion: number;
  events: readonly NewEvent[];
  options?: AppendOptions;
}

// Whoever writes the first event of a batch has won the rest of it too, as versions have no gaps: so no stream is ever
// written in part. A taken version inserts nothing instead of failing, which would end the caller's transaction.
const APPEND = `
  WITH given AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS e(
      is_first boolean, id uuid, stream_id uuid, version integer, subject text, type text,
      payload jsonb, metadata jsonb, occurred_at timestamptz)
  ), won AS (
    INSERT INTO events (${EVENT_COLUMNS})
    SELECT ${EVENT_COLUMNS} FROM given
    WHERE is_first AND (version = 1 OR EXISTS (
      SELECT 1 FROM events before
      WHERE before.stream_id = given.stream_id AND before.version = given.version - 1))
    ORDER BY stream_id
    ON CONFLICT (stream_id, version) DO NOTHING
    RETURNING stream_id
  ), rest AS (
    INSERT INTO events (${EVENT_COLUMNS})
    SELECT ${EVENT_COLUMNS} FROM given
    WHERE NOT is_first AND stream_id IN (SELECT stream_id FROM won)
    ORDER BY stream_id, version
  )
  SELECT stream_id FROM won`;

/** Event streams inside one transaction: what is appended is published after the commit, and only then. */
export class EventStreams {
  constructor(private readonly tx: Transaction) {}

  /**
   * Writes events as versions `expectedVersion + 1 …` of a stream, in one statement, and returns them as they will be published.
   * @throws AppError `version-conflict` when the stream is not at `expectedVersion`. Nothing is written then, and the
   * transaction stays usable.
   */
  async append(
    stream: StreamRef,
    expectedVersion: number,
    events: readonly NewEvent[],
    options?: AppendOptions,
  ): Promise<EventEnvelope[]> {
    const [stored] = await this.appendMany([{ stream, expectedVersion, events, options }]);
    if (stored) return stored;
    throw new AppError('version-conflict', `${stream.subject} changed meanwhile.`);
  }

  /**
   * Appends to several streams, each named once, in one statement (for group commits). Each stream is written whole or not at all:
   * the answer has, in the order given, the stored events, or null where the stream was not at its expected version.
   */
  async appendMany(appends: readonly StreamAppend[]): Promise<(EventEnvelope[] | null)[]> {
    const batches = appends.map(toRows);
    const given = batches.flatMap((rows) =>
      rows.map((row, index) => ({ ...row, is_first: index === 0 })),
    );
    if (given.length === 0) return batches.map(() => []);
    const won = await this.tx.rows<{ stream_id: string }>(APPEND, [JSON.stringify(given)]);
    if (won.length > 0) this.tx.announce(EVENTS_APPENDED);
    const written = new Set(won.map((row) => row.stream_id));
    return batches.map((rows, index) => {
      if (rows.length > 0 && !written.has(appends[index]!.stream.id)) return null;
      return rows.map(toEnvelope);
    });
  }

  /**
   * Blanks what events of a type say about a person in these streams, for good. Consumers keep copies: tell them by an
   * event of its own. Repeatable.
   */
  async redact(streamIds: readonly string[], type: PersonalEventType): Promise<void> {
    await this.tx.rows(
      `UPDATE events SET payload = payload || $3, redacted_at = clock_timestamp()
       WHERE stream_id = ANY($1) AND type = $2 AND payload <> payload || $3`,
      [streamIds, type, JSON.stringify(PERSONAL_DATA[type])],
    );
  }

  /** The events of a stream after a version, in order; none for an unknown stream. */
  read(streamId: string, afterVersion = 0): Promise<EventEnvelope[]> {
    return readStream(this.tx, streamId, afterVersion);
  }
}

/** The events of a stream after a version, in order, at most `limit`; for reads that need no transaction. */
export async function readStream(
  sql: Sql,
  streamId: string,
  afterVersion = 0,
  limit: number | null = null,
): Promise<EventEnvelope[]> {
  const rows = await sql.rows<EventRow>(
    `SELECT ${EVENT_COLUMNS} FROM events WHERE stream_id = $1 AND version > $2 ORDER BY version LIMIT $3`,
    [streamId, afterVersion, limit],
  );
  return rows.map(toEnvelope);
}

/** The first event of each stream, by the stream's uuid; a stream that is not there has none. */
export async function readFirst(
  sql: Sql,
  streamIds: readonly string[],
): Promise<Map<string, EventEnvelope>> {
  const rows = await sql.rows<EventRow>(
    `SELECT ${EVENT_COLUMNS} FROM events WHERE stream_id = ANY($1::uuid[]) AND version = 1`,
    [streamIds],
  );
  return new Map(rows.map((row) => [row.stream_id, toEnvelope(row)]));
}

function toRows({ stream, expectedVersion, events, options }: StreamAppend): EventRow[] {
  const at = options?.at ?? new Date();
  const metadata = options?.metadata ?? eventMetadata(options?.actor);
  return events.map((event, index) => ({
    id: newUuid(),
    stream_id: stream.id,
    version: expectedVersion + index + 1,
    subject: stream.subject,
    type: event.type,
    payload: event.data,
    metadata,
    occurred_at: at,
  }));
}

/** Who (given, or the actor of the current request) and what stands behind this piece of work; `system` when no request does. */
export function eventMetadata(given?: EventActor): EventMetadata {
  const context = currentContext();
  const asking = context?.actor ? eventActor(context.actor) : { system: 'unattended' };
  const metadata: EventMetadata = { actor: given ?? asking };
  if (context) metadata.requestId = context.requestId;
  inject((name, value) => {
    if (name === 'traceparent') metadata.traceparent = value;
  });
  return metadata;
}
