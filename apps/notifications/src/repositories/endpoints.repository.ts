import type { Actor } from '@flotilla/contracts/actor';
import { notFound } from '@flotilla/contracts/errors';
import { type Id, toUuid } from '@flotilla/contracts/ids';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import type { Endpoint } from '../domain/endpoint.js';
import { Endpoints } from '../use-cases/ports.js';
import { ENDPOINT_COLUMNS, type EndpointRow, fromRow, toValues } from './endpoint-row.js';

/** What a transaction announces (`Database.onCommit`) after which an endpoint hears of other things than before. */
export const ENDPOINTS_CHANGED = 'webhook-endpoints-changed';

const END_OF_FEED = '(SELECT coalesce(max(position), 0) FROM feed)';

/** Endpoints in PostgreSQL. */
@Injectable()
export class EndpointsRepository extends Endpoints {
  constructor(private readonly database: Database) {
    super();
  }

  async insert(tx: Transaction, endpoint: Endpoint): Promise<void> {
    await tx.rows(
      `INSERT INTO webhook_endpoints (${ENDPOINT_COLUMNS}, event_types, owner, hears_after)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, ${END_OF_FEED})`,
      toValues(endpoint),
    );
    tx.announce(ENDPOINTS_CHANGED);
  }

  async update(
    tx: Transaction,
    actor: Actor,
    id: Id<'whe'>,
    change: (endpoint: Endpoint) => Endpoint,
  ): Promise<Endpoint> {
    const before = await lockOwn(tx, actor, id);
    const after = change(before);
    if (after !== before) await write(tx, before, after);
    return after;
  }

  change(actor: Actor, id: Id<'whe'>, change: (endpoint: Endpoint) => Endpoint): Promise<Endpoint> {
    return this.database.transaction((tx) => this.update(tx, actor, id, change));
  }

  async remove(actor: Actor, id: Id<'whe'>, check: (endpoint: Endpoint) => void): Promise<void> {
    await this.database.transaction(async (tx) => {
      const endpoint = await lockOwn(tx, actor, id);
      check(endpoint);
      await tx.rows('DELETE FROM webhook_endpoints WHERE id = $1', [endpoint.id]);
    });
  }

  async updateAllOf(
    tx: Transaction,
    userId: Id<'usr'>,
    change: (endpoint: Endpoint) => Endpoint,
  ): Promise<void> {
    const rows = await tx.rows<EndpointRow>(
      `SELECT ${ENDPOINT_COLUMNS} FROM webhook_endpoints WHERE user_id = $1 ORDER BY id FOR UPDATE`,
      [toUuid('usr', userId)],
    );
    for (const before of rows.map(fromRow)) await write(tx, before, change(before));
  }

  async removeAllOf(tx: Transaction, userId: Id<'usr'>): Promise<void> {
    await tx.rows('DELETE FROM webhook_endpoints WHERE user_id = $1', [toUuid('usr', userId)]);
  }
}

async function lockOwn(tx: Transaction, actor: Actor, id: Id<'whe'>): Promise<Endpoint> {
  const [row] = await tx.rows<EndpointRow>(
    `SELECT ${ENDPOINT_COLUMNS} FROM webhook_endpoints WHERE id = $1 AND user_id = $2 AND mode = $3 FOR UPDATE`,
    [toUuid('whe', id), toUuid('usr', actor.userId), actor.mode],
  );
  if (!row) throw notFound('webhook endpoint');
  return fromRow(row);
}

/** One that is enabled again hears of what happens from then on, and is given its chance. */
async function write(tx: Transaction, before: Endpoint, after: Endpoint): Promise<void> {
  const isEnabledAgain = before.disabled !== null && after.disabled === null;
  const isElsewhere = before.url !== after.url;
  await tx.rows(
    `UPDATE webhook_endpoints SET
       (${ENDPOINT_COLUMNS}, event_types, owner) =
         ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16),
       hears_after = CASE WHEN $17::boolean THEN ${END_OF_FEED} ELSE hears_after END,
       is_failing = is_failing AND NOT $18::boolean
     WHERE id = $1`,
    [...toValues(after), isEnabledAgain, isEnabledAgain || isElsewhere],
  );
  tx.announce(ENDPOINTS_CHANGED);
}
