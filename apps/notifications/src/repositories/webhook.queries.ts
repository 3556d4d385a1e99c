import type { Actor } from '@flotilla/contracts/actor';
import { notFound } from '@flotilla/contracts/errors';
import { type Id, toUuid } from '@flotilla/contracts/ids';
import { DEFAULT_PAGE_LIMIT, type Page, type PageQuery } from '@flotilla/contracts/pages';
import type {
  ListWebhookDeliveriesRequest,
  WebhookDeliveryView,
  WebhookEndpointView,
} from '@flotilla/contracts/webhooks';
import { Cursors, instant, uuid } from '@flotilla/runtime/cursor';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { toView } from '../domain/endpoint.js';
import { DELIVERY_COLUMNS, type DeliveryRow, toDeliveryView } from './delivery-row.js';
import { ENDPOINT_COLUMNS, type EndpointRow, fromRow } from './endpoint-row.js';

const ENDPOINTS = new Cursors('webhook-endpoints', instant, uuid);
const DELIVERIES = new Cursors('webhook-deliveries', instant, uuid);

/** Reads of endpoints and of what was sent to them: the caller's own, of the caller's mode. */
@Injectable()
export class WebhookQueries {
  constructor(private readonly database: Database) {}

  /** @throws AppError `not-found` */
  async get(actor: Actor, id: Id<'whe'>): Promise<WebhookEndpointView> {
    const [row] = await this.database.rows<EndpointRow>(
      `SELECT ${ENDPOINT_COLUMNS} FROM webhook_endpoints WHERE id = $1 AND user_id = $2 AND mode = $3`,
      [toUuid('whe', id), toUuid('usr', actor.userId), actor.mode],
    );
    if (!row) throw notFound('webhook endpoint');
    return toView(fromRow(row));
  }

  /** Newest first. @throws AppError `validation-failed` for a bad cursor */
  async list(
    actor: Actor,
    { cursor, limit = DEFAULT_PAGE_LIMIT }: PageQuery,
  ): Promise<Page<WebhookEndpointView>> {
    const [at, after] = ENDPOINTS.decode(cursor);
    const rows = await this.database.rows<EndpointRow>(
      `SELECT ${ENDPOINT_COLUMNS} FROM webhook_endpoints
       WHERE user_id = $1 AND mode = $2 AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $5`,
      [toUuid('usr', actor.userId), actor.mode, at, after, limit + 1],
    );
    return ENDPOINTS.page(
      rows,
      limit,
      (row) => toView(fromRow(row)),
      (row) => [row.created_at.toISOString(), row.id],
    );
  }

  /** The log of an endpoint, newest first. @throws AppError `not-found`, `validation-failed` for a bad cursor */
  async deliveries(
    actor: Actor,
    { endpointId, status, cursor, limit = DEFAULT_PAGE_LIMIT }: ListWebhookDeliveriesRequest,
  ): Promise<Page<WebhookDeliveryView>> {
    const [at, after] = DELIVERIES.decode(cursor);
    await this.get(actor, endpointId);
    const rows = await this.database.rows<DeliveryRow>(
      `SELECT ${DELIVERY_COLUMNS} FROM webhook_deliveries
       WHERE endpoint_id = $1 AND ($2::text IS NULL OR status = $2)
         AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $5`,
      [toUuid('whe', endpointId), status ?? null, at, after, limit + 1],
    );
    return DELIVERIES.page(rows, limit, toDeliveryView, (row) => [
      row.created_at.toISOString(),
      row.id,
    ]);
  }
}
