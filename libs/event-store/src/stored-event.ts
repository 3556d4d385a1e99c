import type { EventActor, EventEnvelope } from '@flotilla/contracts/events';
import { toId } from '@flotilla/contracts/ids';

/** What is kept beside the payload: who caused the event, and in which request and trace. */
export interface EventMetadata {
  actor: EventActor;
  requestId?: string;
  traceparent?: string;
}

/** The columns of `events` that make an envelope. */
export const EVENT_COLUMNS =
  'id, stream_id, version, subject, type, payload, metadata, occurred_at';

export interface EventRow {
  id: string;
  stream_id: string;
  version: number;
  subject: string;
  type: string;
  payload: unknown;
  metadata: EventMetadata;
  occurred_at: Date;
}

/** The event as others see it. */
export function toEnvelope(row: EventRow): EventEnvelope {
  return {
    id: toId('evt', row.id),
    type: row.type,
    version: row.version,
    subject: row.subject,
    streamId: row.stream_id,
    occurredAt: row.occurred_at.toISOString(),
    actor: row.metadata.actor,
    data: row.payload,
  };
}
