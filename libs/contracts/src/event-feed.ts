import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { Id } from './ids.js';
import { operation } from './operation.js';
import type { Page } from './pages.js';

/** The events that clients may hear of. All others are between services. */
export const FEED_EVENT_TYPES = [
  'user.registered',
  'user.erased',
  'order.placed',
  'order.confirmed',
  'order.paid',
  'order.cancelled',
  'order.expired',
  'order.fulfilled',
  'order.refunded',
  'order.returned',
  'stock.low',
  'stock.adjusted',
  'api_key.created',
  'api_key.rotated',
  'api_key.revoked',
] as const;

export type FeedEventType = (typeof FEED_EVENT_TYPES)[number];

const ALL = '*';

/** How clients name events: one type, all types of a family (`order.*`), or everything (`*`). */
export const EVENT_TYPE_NAMES: readonly string[] = [
  ALL,
  ...new Set(FEED_EVENT_TYPES.map((type) => type.replace(/\..*/, '.*'))),
  ...FEED_EVENT_TYPES,
];

/** The types that are meant by some `EVENT_TYPE_NAMES`. */
export function namedEventTypes(names: readonly string[]): FeedEventType[] {
  return FEED_EVENT_TYPES.filter((type) =>
    [ALL, type.replace(/\..*/, '.*'), type].some((name) => names.includes(name)),
  );
}

/** An event as clients see it: `version` counts 1…n per subject, and without a gap for orders. */
export interface FeedEvent {
  id: Id<'evt'>;
  type: FeedEventType;
  version: number;
  /** The public id or SKU of what it is about. */
  subject: string;
  /** RFC 3339, UTC, milliseconds. */
  occurredAt: string;
  data: unknown;
}

const ONE_NAME = `(?:${EVENT_TYPE_NAMES.map((name) => name.replace(/[.*]/g, '\\$&')).join('|')})`;
const SEVERAL_NAMES = new RegExp(`^${ONE_NAME}(?:,${ONE_NAME})*$`);

/** The feed of events, oldest first. */
export class ListEventsRequest {
  /** Where the last page ended, or any event: what came after it in the feed. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  after?: string;

  /** Types of events, comma-separated; all when left out. */
  @IsOptional()
  @MaxLength(1_000)
  @Matches(SEVERAL_NAMES, {
    message: `types takes, separated by commas: ${EVENT_TYPE_NAMES.join(' ')}`,
  })
  types?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;
}

export const ListEvents = operation<Page<FeedEvent>>()(
  'notifications.list-events.v1',
  ListEventsRequest,
  { idempotent: true, errors: ['validation-failed'] },
);
