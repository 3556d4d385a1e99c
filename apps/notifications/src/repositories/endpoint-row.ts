import type { Mode } from '@flotilla/contracts/actor';
import { toId, toUuid } from '@flotilla/contracts/ids';
import { namedEventTypes } from '@flotilla/contracts/event-feed';
import type { DisabledReason } from '@flotilla/contracts/webhooks';
import type { Endpoint } from '../domain/endpoint.js';

export const ENDPOINT_COLUMNS = `id, user_id, mode, url, events, description, hears_all, disabled, secret, previous_secret,
  previous_until, version, created_at, updated_at`;

export interface EndpointRow {
  id: string;
  user_id: string;
  mode: Mode;
  url: string;
  events: string[];
  description: string | null;
  hears_all: boolean;
  disabled: DisabledReason | null;
  secret: string;
  previous_secret: string | null;
  previous_until: Date | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}

export function fromRow(row: EndpointRow): Endpoint {
  return {
    id: row.id,
    userId: toId('usr', row.user_id),
    mode: row.mode,
    url: row.url,
    events: row.events,
    description: row.description,
    hearsAll: row.hears_all,
    disabled: row.disabled,
    secrets: {
      current: row.secret,
      previous: row.previous_secret,
      previousUntil: row.previous_until,
    },
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** `ENDPOINT_COLUMNS`, `event_types` and `owner` (the user as the feed names owners), in their order. */
export function toValues(endpoint: Endpoint): unknown[] {
  const { secrets } = endpoint;
  return [
    endpoint.id,
    toUuid('usr', endpoint.userId),
    endpoint.mode,
    endpoint.url,
    endpoint.events,
    endpoint.description,
    endpoint.hearsAll,
    endpoint.disabled,
    secrets.current,
    secrets.previous,
    secrets.previousUntil,
    endpoint.version,
    endpoint.createdAt,
    endpoint.updatedAt,
    namedEventTypes(endpoint.events),
    endpoint.userId,
  ];
}
