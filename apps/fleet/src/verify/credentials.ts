import { type Comparison, compareWithin } from './comparison.js';
import { contained, type Findings, MOST_PER_RULE, type Violation } from './report.js';
import type { Snapshot, Snapshots } from './snapshots.js';
import { instant, publicId } from './sql.js';

const ACCOUNTS: Comparison = {
  invariant: 'account-is-fold-of-events',
  table: 'accounts',
  told: `SELECT stream_id AS id, jsonb_build_object('email', registered.payload->'email',
      'role', coalesce(promoted.role, registered.payload->'role'),
      'created_at', ${instant('registered.occurred_at')}, 'disabled_at', ${instant('disabled.occurred_at')}) AS document
    FROM events AS registered
    LEFT JOIN (SELECT DISTINCT ON (stream_id) stream_id, payload->'role' AS role FROM events
      WHERE type = 'user.role_changed' ORDER BY stream_id, version DESC) AS promoted USING (stream_id)
    LEFT JOIN (SELECT stream_id, occurred_at FROM events WHERE type = 'user.disabled') AS disabled USING (stream_id)
    WHERE type = 'user.registered' AND NOT EXISTS (
      SELECT 1 FROM events AS erased WHERE erased.stream_id = registered.stream_id AND erased.type = 'user.erased')`,
  kept: `SELECT id, jsonb_build_object('email', email, 'role', role, 'created_at', ${instant('created_at')},
      'disabled_at', ${instant('disabled_at')}) AS document
    FROM accounts`,
};

const API_KEYS: Comparison = {
  invariant: 'api-key-is-fold-of-events',
  table: 'api_keys',
  told: `SELECT stream_id AS id, created.payload || coalesce(changed.payload, '{}') || jsonb_build_object(
      'user_id', created.metadata->'actor'->'userId', 'created_at', ${instant('created.occurred_at')},
      'revoked_at', ${instant('revoked.occurred_at')}) AS document
    FROM events AS created
    LEFT JOIN (SELECT stream_id, min(occurred_at) AS occurred_at FROM events
      WHERE type = 'api_key.revoked' GROUP BY stream_id) AS revoked USING (stream_id)
    LEFT JOIN (SELECT DISTINCT ON (stream_id) stream_id, payload FROM events
      WHERE type = 'api_key.changed' ORDER BY stream_id, version DESC) AS changed USING (stream_id)
    WHERE type = 'api_key.created'`,
  kept: `SELECT id, jsonb_build_object('name', nullif(name, ''), 'mode', mode, 'permissions', permissions, 'prefix', prefix,
      'user_id', ${publicId('usr', 'user_id')}, 'created_at', ${instant('created_at')},
      'revoked_at', ${instant('revoked_at')}) AS document
    FROM api_keys`,
};

/** What was counted of a key in all is what was counted of it by the hour. */
const USAGE: Comparison = {
  invariant: 'key-usage-adds-up',
  table: 'api_keys',
  told: `SELECT key_id AS id, to_jsonb(sum(requests)) AS document FROM key_usage GROUP BY key_id`,
  kept: `SELECT id, to_jsonb(usage_count) AS document FROM api_keys WHERE usage_count > 0`,
};

/** Of a key whose quota is what it was, nobody took more. */
const QUOTAS = `
  SELECT key_id AS id, format('%s of %s are taken since %s', taken, quota_limit, period_start) AS detail
  FROM key_quotas JOIN api_keys ON id = key_id
  WHERE taken > quota_limit AND NOT EXISTS (
    SELECT 1 FROM events WHERE stream_id = key_id AND type = 'api_key.changed' AND occurred_at >= period_start)`;

/** Numbered 1…n, and the number of the next one is known. */
const FEED = `
  SELECT 'revocations' AS id, format('%s entries from %s to %s, the newest called %s', count(*), min(sequence),
    max(sequence), (SELECT newest FROM revocation_sequence)) AS detail
  FROM revocations
  HAVING coalesce(max(sequence), 0) <> count(*)
    OR coalesce(max(sequence), 0) <> (SELECT newest FROM revocation_sequence)
    OR coalesce(min(sequence), 1) <> 1`;

async function ruleBroken(
  snapshot: Snapshot,
  [invariant, table, sql]: [string, string, string],
): Promise<Violation[]> {
  const check = { invariant, service: snapshot.service, table };
  return contained(check, async () => {
    const rows = await snapshot.rows<{ id: string; detail: string }>(
      `SELECT * FROM (${sql}) AS broken LIMIT ${MOST_PER_RULE}`,
    );
    return rows.map((row) => ({ ...check, ...row }));
  });
}

/** Who may sign in, and what keys may do, is what events say; events carry no secrets, limits and expiries of keys. */
export async function verifyCredentials(snapshots: Snapshots): Promise<Findings> {
  const { identity, 'api-keys': apiKeys } = snapshots;
  return {
    checked: {
      accounts: await identity.count('accounts'),
      apiKeys: await apiKeys.count('api_keys'),
      keyUsageHours: await apiKeys.count('key_usage'),
      keyQuotas: await apiKeys.count('key_quotas'),
      revocations: (await apiKeys.count('revocations')) + (await identity.count('revocations')),
    },
    violations: [
      ...(await compareWithin(identity, ACCOUNTS)),
      ...(await compareWithin(apiKeys, API_KEYS)),
      ...(await compareWithin(apiKeys, USAGE)),
      ...(await ruleBroken(apiKeys, ['quota-is-never-exceeded', 'key_quotas', QUOTAS])),
      ...(await ruleBroken(apiKeys, ['revocations-have-no-gap', 'revocations', FEED])),
      ...(await ruleBroken(identity, ['revocations-have-no-gap', 'revocations', FEED])),
    ],
  };
}
