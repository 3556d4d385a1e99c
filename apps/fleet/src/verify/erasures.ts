import { PERSONAL_DATA, type PersonalEventType } from '@flotilla/contracts/personal-data';
import type { StatefulService } from '../services.js';
import { CUSTOMERS, KEY_OWNERS, PROFILES } from './consumers.js';
import { contained, type Findings, MOST_PER_RULE, type Violation } from './report.js';
import type { Snapshots } from './snapshots.js';

/** Where something about a person may be left, as a statement of `id` and `detail`; `$1` are the uuids of the events that tell of erasures. */
interface Remains {
  service: StatefulService;
  table: string;
  sql: string;
}

const ERASED = "(SELECT stream_id FROM events WHERE type = 'user.erased' AND id = ANY($1))";

/** SQL of the users whose erasure a consumer has heard of. */
const heardBy = (consumer: string): string =>
  `(SELECT stream_id FROM inbox WHERE consumer = '${consumer}' AND event_id = ANY($1))`;

/** SQL of whether the payload of an event says more than is left of it when a person is erased. */
function isPersonal(type: PersonalEventType, payload: string): string {
  return `${payload} || '${JSON.stringify(PERSONAL_DATA[type])}' <> ${payload}`;
}

const REMAINS: readonly Remains[] = [
  {
    service: 'identity',
    table: 'accounts',
    sql: `SELECT id, 'there is an account' AS detail FROM accounts WHERE id IN ${ERASED}`,
  },
  {
    service: 'identity',
    table: 'events',
    sql: `SELECT id, 'the registration says who it was' AS detail FROM events
      WHERE stream_id IN ${ERASED} AND type = 'user.registered' AND ${isPersonal('user.registered', 'payload')}`,
  },
  {
    service: 'users',
    table: 'profiles',
    sql: `SELECT user_id AS id, 'there is a profile' AS detail FROM profiles
      WHERE user_id IN ${heardBy(PROFILES.name)}`,
  },
  {
    service: 'users',
    table: 'addresses',
    sql: `SELECT id, 'there is an address' AS detail FROM addresses WHERE user_id IN ${heardBy(PROFILES.name)}`,
  },
  {
    service: 'orders',
    table: 'orders',
    sql: `SELECT id, 'there is an address or metadata' AS detail FROM orders
      WHERE user_id IN ${heardBy(CUSTOMERS.name)} AND (shipping_address IS NOT NULL OR metadata <> '{}')`,
  },
  {
    service: 'api-keys',
    table: 'api_keys',
    sql: `SELECT id, 'there is a key that is not revoked, or has a name' AS detail FROM api_keys
      WHERE user_id IN ${heardBy(KEY_OWNERS.name)} AND (revoked_at IS NULL OR name <> '')`,
  },
  {
    service: 'notifications',
    table: 'feed',
    sql: `SELECT event_id AS id, format('%s says who it was', envelope->>'type') AS detail FROM feed
      WHERE (envelope->>'type' = 'user.registered' AND ${isPersonal('user.registered', "(envelope->'data')")}
          OR envelope->>'type' = 'order.placed' AND ${isPersonal('order.placed', "(envelope->'data')")})
        AND envelope->'actor'->>'userId' IN (
          SELECT envelope->>'subject' FROM feed WHERE event_id = ANY($1))`,
  },
];

/** Nothing is left of people who were erased, wherever that was heard; that it is heard is another check. */
export async function verifyErasures(snapshots: Snapshots): Promise<Findings> {
  const erasures = await snapshots.identity.rows<{ id: string }>(
    "SELECT id FROM events WHERE type = 'user.erased'",
  );
  const ids = erasures.map(({ id }) => id);
  const violations: Violation[] = [];
  for (const { service, table, sql } of REMAINS) {
    const check = { invariant: 'nothing-is-left-of-the-erased', service, table };
    const found = await contained(check, async () => {
      const rows = await snapshots[service].rows<{ id: string; detail: string }>(
        `${sql} LIMIT ${MOST_PER_RULE}`,
        [ids],
      );
      return rows.map((row) => ({ ...check, ...row }));
    });
    violations.push(...found);
  }
  return { checked: { erasedUsers: ids.length }, violations };
}
