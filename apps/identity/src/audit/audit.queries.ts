import type { AuditEventView, ListAuditEventsRequest } from '@flotilla/contracts/audit';
import { isAppError } from '@flotilla/contracts/errors';
import { type Id, toId, toUuid } from '@flotilla/contracts/ids';
import { DEFAULT_PAGE_LIMIT, type Page } from '@flotilla/contracts/pages';
import { Cursors, instant, uuid } from '@flotilla/runtime/cursor';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

interface AuditRow {
  id: string;
  occurred_at: Date;
  type: AuditEventView['type'];
  outcome: AuditEventView['outcome'];
  account_id: string | null;
  actor: string;
  address: string | null;
  client_id: string | null;
  details: AuditEventView['details'];
}

const CURSORS = new Cursors('audit-events', instant, uuid);

const NOTHING: Page<AuditEventView> = { data: [], nextCursor: null };

/** Reads the audit trail, newest first. */
@Injectable()
export class AuditQueries {
  constructor(private readonly database: Database) {}

  /** @throws AppError `validation-failed` for a cursor of another list */
  async list(request: ListAuditEventsRequest): Promise<Page<AuditEventView>> {
    const { type = null, userId, limit = DEFAULT_PAGE_LIMIT, cursor } = request;
    const [occurredAt, id] = CURSORS.decode(cursor);
    const accountId = userId === undefined ? null : uuidOrNothing(userId);
    if (accountId === undefined) return NOTHING;
    const rows = await this.database.rows<AuditRow>(
      `SELECT id, occurred_at, type, outcome, account_id, actor, address, client_id, details FROM audit.events
       WHERE ($1::text IS NULL OR type = $1) AND ($2::uuid IS NULL OR account_id = $2)
         AND ($3::timestamptz IS NULL OR (occurred_at, id) < ($3, $4::uuid))
       ORDER BY occurred_at DESC, id DESC LIMIT $5`,
      [type, accountId, occurredAt, id, limit + 1],
    );
    return CURSORS.page(rows, limit, toView, (row) => [row.occurred_at.toISOString(), row.id]);
  }
}

/** Undefined for what cannot be anybody: nothing has happened to it. */
function uuidOrNothing(userId: Id<'usr'>): string | undefined {
  try {
    return toUuid('usr', userId);
  } catch (error) {
    if (isAppError(error, 'not-found')) return undefined;
    throw error;
  }
}

function toView(row: AuditRow): AuditEventView {
  return {
    id: toId('evt', row.id),
    type: row.type,
    outcome: row.outcome,
    userId: row.account_id === null ? null : toId('usr', row.account_id),
    actor: row.actor,
    address: row.address,
    clientId: row.client_id,
    details: row.details,
    occurredAt: row.occurred_at.toISOString(),
  };
}
