import { IsInt, Max, Min } from 'class-validator';
import type { EventEnvelope } from './events.js';
import { operation } from './operation.js';

/** The feed from a position on: `after` is the position of the last event already read, 0 for all. */
export class ReadFeedRequest {
  @IsInt()
  @Min(0)
  after: number;

  @IsInt()
  @Min(1)
  @Max(500)
  limit: number;
}

export interface FeedPage {
  data: EventEnvelope[];
  /** The position to continue after. */
  position: number;
}

export const ReadFeed = operation<FeedPage>()('notifications.read-feed.v1', ReadFeedRequest, {
  idempotent: true,
});
