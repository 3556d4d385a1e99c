import type { Mode } from '@flotilla/contracts/actor';
import { AppError, isAppError } from '@flotilla/contracts/errors';
import {
  FEED_EVENT_TYPES,
  type FeedEvent,
  type ListEventsRequest,
  namedEventTypes,
} from '@flotilla/contracts/event-feed';
import type { EventEnvelope } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import { DEFAULT_PAGE_LIMIT, type Page } from '@flotilla/contracts/pages';
import { fitting } from '@flotilla/runtime/cursor';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { toFeedEvent } from './feed-event.js';

// Each type has its own way through the index, so that a rare one is found among millions of others.
const PAGE = `
  SELECT envelope FROM feed JOIN (
    SELECT next.position FROM unnest($2::text[]) AS wanted(type) CROSS JOIN LATERAL (
      SELECT position FROM feed WHERE mode = $1 AND feed.type = wanted.type AND position > $3
      ORDER BY position LIMIT $4) AS next
    ORDER BY next.position LIMIT $4) AS page USING (position)
  ORDER BY position`;

/** The feed as clients read it: what concerns them, in one mode. */
@Injectable()
export class FeedQueries {
  constructor(private readonly database: Database) {}

  /**
   * Events after another, oldest first; `nextCursor` is null when there are no more for now.
   * @throws AppError `validation-failed` when there is no such event to come after
   */
  async list(
    mode: Mode,
    { after, types, limit = DEFAULT_PAGE_LIMIT }: ListEventsRequest,
  ): Promise<Page<FeedEvent>> {
    const wanted = types === undefined ? FEED_EVENT_TYPES : namedEventTypes(types.split(','));
    const position = after === undefined ? 0 : await this.positionOf(mode, after);
    const values = [mode, wanted, position, limit + 1];
    const rows = await this.database.rows<{ envelope: EventEnvelope }>(PAGE, values);
    const data = fitting(rows.slice(0, limit).map(({ envelope }) => toFeedEvent(envelope)));
    return { data, nextCursor: rows.length > data.length ? data.at(-1)!.id : null };
  }

  private async positionOf(mode: Mode, eventId: string): Promise<string> {
    const [row] = await this.database.rows<{ position: string }>(
      'SELECT position FROM feed WHERE event_id = $1 AND mode = $2',
      [uuidOf(eventId), mode],
    );
    if (!row) throw unknownPlace();
    return row.position;
  }
}

function uuidOf(eventId: string): string {
  try {
    return toUuid('evt', eventId);
  } catch (error) {
    throw isAppError(error, 'not-found') ? unknownPlace() : error;
  }
}

function unknownPlace(): AppError<'validation-failed'> {
  const detail = 'This is no event of the feed.';
  return new AppError('validation-failed', 'The feed has no such place.', {
    details: { errors: [{ pointer: '/after', code: 'cursor', detail }] },
  });
}
