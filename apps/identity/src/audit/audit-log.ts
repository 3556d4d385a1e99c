import { newUuid, toId } from '@flotilla/contracts/ids';
import type { AuditOutcome, AuditType } from '@flotilla/contracts/audit';
import { BatchQueue } from '@flotilla/runtime/batch-queue';
import { Clock } from '@flotilla/runtime/clock';
import { Database, type Sql } from '@flotilla/runtime/database';
import { currentContext } from '@flotilla/runtime/request-context';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/** Something that matters to security. Nothing in it is a secret, and no address of mail: people are told apart by account. */
export interface AuditEvent {
  type: AuditType;
  outcome: AuditOutcome;
  /** The account that it happened to (uuid), where there is one. */
  accountId?: string | null;
  /** Who did it: a public user id or a client id; the caller of the running request when left out, else the account. */
  actor?: string;
  /** The IP address that it came from; that of the running request when left out, as is the client. */
  address?: string;
  clientId?: string;
  details?: Readonly<Record<string, string | number | boolean>>;
}

/** Whoever has not said, or not proved, who it is. */
export const NOBODY = 'anonymous';
/** The fleet itself, and who operates it. */
export const SYSTEM = 'system';

const INSERT = `
  INSERT INTO audit.events (id, occurred_at, type, outcome, account_id, actor, address, client_id, details)
  SELECT id, occurred_at, type, outcome, account_id, actor, address, client_id, details
  FROM jsonb_to_recordset($1::jsonb) AS given(
    id uuid, occurred_at timestamptz, type text, outcome text, account_id uuid, actor text, address text,
    client_id text, details jsonb)`;

/** The audit trail: what is written here is never changed again. */
@Injectable()
export class AuditLog implements BeforeApplicationShutdown {
  private readonly queue: BatchQueue<object, void>;

  constructor(
    database: Database,
    private readonly clock: Clock,
  ) {
    this.queue = new BatchQueue(async (rows) => {
      await database.rows(INSERT, [JSON.stringify(rows)]);
      return rows.map(() => undefined);
    });
  }

  /** Writes an event in the transaction that it is about. */
  async record(sql: Sql, event: AuditEvent): Promise<void> {
    await sql.rows(INSERT, [JSON.stringify([this.rowOf(event)])]);
  }

  /** Writes an event about which nothing else is written, together with those that come at the same time. */
  async note(event: AuditEvent): Promise<void> {
    await this.queue.add(this.rowOf(event));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.queue.drain();
  }

  private rowOf(event: AuditEvent): object {
    const { type, outcome, accountId = null, details = {} } = event;
    const context = currentContext();
    const caller = context?.actor;
    const now = this.clock.now();
    return {
      id: newUuid(now.getTime()),
      occurred_at: now,
      type,
      outcome,
      account_id: accountId,
      actor: event.actor ?? caller?.userId ?? (accountId ? toId('usr', accountId) : NOBODY),
      address: event.address ?? context?.address,
      client_id: event.clientId ?? caller?.clientId,
      details: { ...details, ...(caller?.keyId && { keyId: caller.keyId }) },
    };
  }
}
