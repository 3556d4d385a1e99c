import { type Comparison, compareWithin } from './comparison.js';
import type { Findings } from './report.js';
import type { Snapshots } from './snapshots.js';
import { instant, publicId } from './sql.js';

const ACCOUNTS: Comparison = {
  invariant: 'account-is-fold-of-events',
  table: 'accounts',
  told: `SELECT stream_id AS id, jsonb_build_object('email', payload->'email', 'role', payload->'role',
      'created_at', ${instant('occurred_at')}) AS document
    FROM events WHERE type = 'user.registered'`,
  kept: `SELECT id, jsonb_build_object('email', email, 'role', role, 'created_at', ${instant('created_at')}) AS document
    FROM accounts`,
};

const API_KEYS: Comparison = {
  invariant: 'api-key-is-fold-of-events',
  table: 'api_keys',
  told: `SELECT stream_id AS id, created.payload || jsonb_build_object(
      'user_id', created.metadata->'actor'->'userId', 'created_at', ${instant('created.occurred_at')},
      'revoked_at', ${instant('revoked.occurred_at')}) AS document
    FROM events AS created
    LEFT JOIN (SELECT stream_id, min(occurred_at) AS occurred_at FROM events
      WHERE type = 'api_key.revoked' GROUP BY stream_id) AS revoked USING (stream_id)
    WHERE type = 'api_key.created'`,
  kept: `SELECT id, jsonb_build_object('name', name, 'mode', mode, 'permissions', permissions, 'prefix', prefix,
      'user_id', ${publicId('usr', 'user_id')}, 'created_at', ${instant('created_at')},
      'revoked_at', ${instant('revoked_at')}) AS document
    FROM api_keys`,
};

/** Who may sign in, and what keys may do, is what events say; events carry no secrets, limits and expiries of keys. */
export async function verifyCredentials(snapshots: Snapshots): Promise<Findings> {
  const { identity, 'api-keys': apiKeys } = snapshots;
  return {
    checked: {
      accounts: await identity.count('accounts'),
      apiKeys: await apiKeys.count('api_keys'),
    },
    violations: [
      ...(await compareWithin(identity, ACCOUNTS)),
      ...(await compareWithin(apiKeys, API_KEYS)),
    ],
  };
}
