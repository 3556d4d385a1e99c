import { toId } from '@flotilla/contracts/ids';
import type {
  DeliveryFailure,
  DeliveryStatus,
  WebhookDeliveryView,
} from '@flotilla/contracts/webhooks';

export const DELIVERY_COLUMNS = `id, event_id, event_type, status, attempts, due_at, last_attempt_at, response_status, failure,
  duration_ms, created_at`;

export interface DeliveryRow {
  id: string;
  event_id: string;
  event_type: string;
  status: DeliveryStatus;
  attempts: number;
  due_at: Date | null;
  last_attempt_at: Date | null;
  response_status: number | null;
  failure: DeliveryFailure | null;
  duration_ms: number | null;
  created_at: Date;
}

export function toDeliveryView(row: DeliveryRow): WebhookDeliveryView {
  return {
    id: toId('dlv', row.id),
    eventId: toId('evt', row.event_id),
    eventType: row.event_type,
    status: row.status,
    attempts: row.attempts,
    lastAttemptAt: row.last_attempt_at?.toISOString() ?? null,
    nextAttemptAt: row.due_at?.toISOString() ?? null,
    responseStatus: row.response_status,
    failure: row.failure,
    durationMs: row.duration_ms,
    createdAt: row.created_at.toISOString(),
  };
}
