import type { Actor } from '@flotilla/contracts/actor';
import { AppError, notFound } from '@flotilla/contracts/errors';
import { type Id, newUuid, toUuid } from '@flotilla/contracts/ids';
import { TEST_EVENT_TYPE, type WebhookDeliveryView } from '@flotilla/contracts/webhooks';
import { BatchQueue } from '@flotilla/runtime/batch-queue';
import { Clock } from '@flotilla/runtime/clock';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import type { Attempt, Verdict } from '../domain/attempts.js';
import { disabledEndpoint, type Endpoint } from '../domain/endpoint.js';
import { type ClaimedDelivery, Deliveries } from '../use-cases/ports.js';
import { DELIVERY_COLUMNS, type DeliveryRow, toDeliveryView } from './delivery-row.js';

/** What a transaction announces (`Database.onCommit`) after which there may be something to deliver. */
export const DELIVERIES_DUE = 'deliveries-due';

/** What came of one attempt, as the statement that records it reads it. */
interface Recorded {
  id: string;
  status: Verdict['status'];
  due_at: Date | null;
  at: Date;
  response_status: number | null;
  failure: string | null;
  duration_ms: number;
}

/** Deliveries in PostgreSQL. Attempts that end at the same time are written down together. */
@Injectable()
export class DeliveriesRepository extends Deliveries {
  private readonly records = new BatchQueue<Recorded, void>((records) => this.recordAll(records));

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  async addTest(tx: Transaction, endpoint: Endpoint, at: Date): Promise<WebhookDeliveryView> {
    const [row] = await tx.rows<DeliveryRow>(
      `INSERT INTO webhook_deliveries (id, endpoint_id, event_id, event_type, started_at, due_at, created_at)
       VALUES ($1, $2, $3, $4, $5, $5, $5) RETURNING ${DELIVERY_COLUMNS}`,
      [newUuid(at.getTime()), endpoint.id, newUuid(at.getTime()), TEST_EVENT_TYPE, at],
    );
    tx.announce(DELIVERIES_DUE);
    return toDeliveryView(row!);
  }

  retry(actor: Actor, endpointId: Id<'whe'>, deliveryId: Id<'dlv'>): Promise<WebhookDeliveryView> {
    return this.database.transaction(async (tx) => {
      const own = [
        toUuid('dlv', deliveryId),
        toUuid('whe', endpointId),
        toUuid('usr', actor.userId),
        actor.mode,
      ];
      const [known] = await tx.rows<{ status: string; disabled: string | null }>(
        `SELECT delivery.status, disabled FROM webhook_deliveries AS delivery
         JOIN webhook_endpoints AS endpoint ON endpoint.id = endpoint_id
         WHERE delivery.id = $1 AND endpoint_id = $2 AND user_id = $3 AND mode = $4 FOR UPDATE OF delivery`,
        own,
      );
      if (!known) throw notFound('webhook delivery');
      if (known.status === 'pending') {
        throw new AppError('illegal-transition', 'It is still being delivered.');
      }
      if (known.disabled !== null) throw disabledEndpoint();
      const [row] = await tx.rows<DeliveryRow>(
        `UPDATE webhook_deliveries SET status = 'pending', started_at = $2, due_at = $2, attempts = 0 WHERE id = $1
         RETURNING ${DELIVERY_COLUMNS}`,
        [own[0], this.clock.now()],
      );
      tx.announce(DELIVERIES_DUE);
      return toDeliveryView(row!);
    });
  }

  async record(
    { id, endpoint, isFailing }: ClaimedDelivery,
    { status, failure, durationMs }: Attempt,
    verdict: Verdict,
  ): Promise<void> {
    await this.records.add({
      id,
      status: verdict.status,
      due_at: verdict.status === 'pending' ? verdict.nextAt : null,
      at: this.clock.now(),
      response_status: status,
      failure,
      duration_ms: durationMs,
    });
    const isGone = verdict.status === 'dead' && verdict.endpointIsGone;
    const fails = verdict.status !== 'delivered';
    if (isGone || fails !== isFailing) await this.markEndpoint(endpoint.id, fails, isGone);
  }

  private async recordAll(records: readonly Recorded[]): Promise<void[]> {
    await this.database.rows(
      `UPDATE webhook_deliveries AS delivery
       SET status = given.status, due_at = given.due_at, last_attempt_at = given.at,
         response_status = given.response_status, failure = given.failure, duration_ms = given.duration_ms
       FROM jsonb_to_recordset($1::jsonb) AS given (id uuid, status text, due_at timestamptz, at timestamptz,
         response_status integer, failure text, duration_ms integer)
       WHERE delivery.id = given.id`,
      [JSON.stringify(records)],
    );
    return records.map(() => undefined);
  }

  private async markEndpoint(id: string, isFailing: boolean, isGone: boolean): Promise<void> {
    await this.database.rows(
      `UPDATE webhook_endpoints
       SET is_failing = $2, disabled = CASE WHEN $3 THEN coalesce(disabled, 'gone') ELSE disabled END,
         version = version + CASE WHEN $3 AND disabled IS NULL THEN 1 ELSE 0 END
       WHERE id = $1`,
      [id, isFailing, isGone],
    );
  }
}
