import type { ApiKeyEvents } from '@flotilla/contracts/api-keys';
import type { AccountEvents } from '@flotilla/contracts/identity';
import type { InventoryEvents } from '@flotilla/contracts/inventory';
import type { OrderEvents } from '@flotilla/contracts/order-events';
import type { UserEvents } from '@flotilla/contracts/users';
import type { StatefulService } from '../services.js';
import type { Findings } from './report.js';
import type { Rule, Snapshot } from './snapshots.js';
import { publicId } from './sql.js';

const RULES: readonly Rule[] = [
  {
    invariant: 'versions-without-gaps',
    table: 'events',
    sql: `SELECT stream_id AS id, format('%s events, versions %s to %s', count(*), min(version), max(version)) AS detail
      FROM events GROUP BY stream_id HAVING min(version) <> 1 OR max(version) <> count(*)`,
  },
  {
    invariant: 'inbox-without-gaps',
    table: 'inbox',
    sql: `SELECT stream_id AS id,
        format('%s has applied %s events, versions %s to %s', consumer, count(*), min(version), max(version)) AS detail
      FROM inbox GROUP BY consumer, stream_id HAVING min(version) <> 1 OR max(version) <> count(*)`,
  },
  {
    invariant: 'no-dead-letters',
    table: 'dead_letters',
    sql: `SELECT id, format('%s could not apply %s version %s: %s', consumer, event->>'type', version, reason) AS detail
      FROM dead_letters WHERE failed_at IS NOT NULL AND replayed_at IS NULL`,
  },
];

/** What events of a service are about; `subject` is the SQL of what they call it, where that follows from their stream. */
interface Vocabulary {
  types: readonly string[];
  subject?: string;
}

const VOCABULARY: Record<StatefulService, Vocabulary> = {
  orders: {
    types: names<OrderEvents>({
      'order.placed': true,
      'order.voided': true,
      'order.confirmed': true,
      'order.cancelled': true,
      'order.expired': true,
      'order.fulfilled': true,
      'order.returned': true,
      'order.paid': true,
      'order.refunded': true,
    }),
    subject: publicId('ord', 'stream_id'),
  },
  inventory: {
    types: names<InventoryEvents>({
      'stock.adjusted': true,
      'stock.low': true,
      'catalogue.changed': true,
    }),
  },
  identity: {
    types: names<AccountEvents>({
      'user.registered': true,
      'user.erased': true,
      'user.role_changed': true,
      'user.disabled': true,
    }),
    subject: publicId('usr', 'stream_id'),
  },
  'api-keys': {
    types: names<ApiKeyEvents>({
      'api_key.created': true,
      'api_key.changed': true,
      'api_key.rotated': true,
      'api_key.revoked': true,
    }),
    subject: publicId('key', 'stream_id'),
  },
  users: {
    types: names<UserEvents>({ 'user.changed': true }),
    subject: publicId('usr', 'stream_id'),
  },
  notifications: { types: [] },
};

/** All types that a contract has: one more there does not compile here. */
function names<Events>(all: Record<keyof Events & string, true>): string[] {
  return Object.keys(all);
}

function vocabularyRules({ types, subject }: Vocabulary): Rule[] {
  const known: Rule = {
    invariant: 'known-event-type',
    table: 'events',
    sql: `SELECT id, format('%s of stream %s, version %s', type, stream_id, version) AS detail
      FROM events WHERE type <> ALL (ARRAY[${types.map((type) => `'${type}'`).join(', ')}]::text[])`,
  };
  if (!subject) return [known];
  const named: Rule = {
    invariant: 'subject-names-stream',
    table: 'events',
    sql: `SELECT id, format('version %s is about %s, its stream about %s', version, subject, name) AS detail
      FROM events JOIN (
        SELECT stream_id, ${subject} AS name FROM (SELECT DISTINCT stream_id FROM events) AS streams
      ) AS named USING (stream_id) WHERE subject <> name`,
  };
  return [known, named];
}

/** The streams, inbox and dead letters of one service. */
export async function verifyEventStreams(snapshot: Snapshot): Promise<Findings> {
  return {
    checked: {
      events: await snapshot.count('events'),
      deadLetters: await snapshot.count('dead_letters WHERE failed_at IS NOT NULL'),
    },
    violations: await snapshot.violations([
      ...RULES,
      ...vocabularyRules(VOCABULARY[snapshot.service]),
    ]),
  };
}
