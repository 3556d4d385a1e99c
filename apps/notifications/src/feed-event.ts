import type { FeedEvent, FeedEventType } from '@flotilla/contracts/event-feed';
import type { EventEnvelope } from '@flotilla/contracts/events';

/** An event of one of the `FEED_EVENT_TYPES` as clients see it. */
export function toFeedEvent({
  id,
  type,
  version,
  subject,
  occurredAt,
  data,
}: EventEnvelope): FeedEvent {
  return {
    id,
    type: type as FeedEventType,
    version,
    subject,
    occurredAt,
    data: withoutRequestHash(data),
  };
}

/** Telling requests apart is our own affair. */
function withoutRequestHash(data: unknown): object {
  return Object.fromEntries(
    Object.entries(data as object).filter(([name]) => name !== 'requestHash'),
  );
}
