import { compareAcross, type CrossComparison } from './comparison.js';
import { type Consumer, CONSUMERS, FEEDS, PROFILES } from './consumers.js';
import type { Findings, Violation } from './report.js';
import type { Rule, Snapshots } from './snapshots.js';
import { instant } from './sql.js';

const FEED: Rule = {
  invariant: 'feed-has-what-was-heard',
  table: 'feed',
  sql: `SELECT event_id AS id, CASE WHEN feed.event_id IS NULL
      THEN format('%s has heard version %s of stream %s, and it is not fed', consumer, version, stream_id)
      ELSE format('%s is fed, and nobody has heard it', envelope->>'type') END AS detail
    FROM feed FULL JOIN inbox USING (event_id) WHERE feed.event_id IS NULL OR inbox.event_id IS NULL`,
};

const PROFILE_ROWS: Rule = {
  invariant: 'profile-per-registered-user',
  table: 'profiles',
  sql: `SELECT coalesce(user_id, stream_id) AS id, CASE WHEN user_id IS NULL
      THEN 'the user was registered, there is no profile' ELSE 'no such user was registered' END AS detail
    FROM profiles FULL JOIN (
      SELECT stream_id FROM inbox WHERE consumer = '${PROFILES.name}' AND version = 1
      EXCEPT SELECT user_id FROM erased_users) AS registered
    ON stream_id = user_id WHERE stream_id IS NULL OR user_id IS NULL`,
};

const PROFILE_CONTENT: CrossComparison = {
  invariant: 'profile-is-that-registered',
  table: 'profiles',
  source: 'events',
  erased: "SELECT stream_id AS id FROM events WHERE type = 'user.erased'",
  told: `SELECT stream_id AS id, jsonb_build_object('email', payload->'email', 'created_at', ${instant('occurred_at')}) AS document
    FROM events WHERE type = 'user.registered'`,
  kept: `SELECT user_id AS id, jsonb_build_object('email', email, 'created_at', ${instant('created_at')}) AS document
    FROM profiles`,
};

/** Every event again, as it was published: whole, but for what only its own service knows. */
function feedOf({ name }: Consumer): CrossComparison {
  return {
    invariant: 'feed-is-what-was-told',
    table: 'feed',
    source: 'events',
    erased: 'SELECT id FROM events WHERE redacted_at IS NOT NULL',
    told: `SELECT id, jsonb_build_object('type', type, 'version', version, 'subject', subject, 'streamId', stream_id,
        'occurredAt', ${instant('occurred_at')}, 'actor', metadata->'actor', 'data', payload) AS document
      FROM events`,
    kept: `SELECT event_id AS id, envelope - 'id' AS document
      FROM feed JOIN inbox USING (event_id) WHERE consumer = '${name}'`,
  };
}

function inboxOf({ name }: Consumer): CrossComparison {
  return {
    invariant: 'inbox-is-what-was-told',
    table: 'inbox',
    source: 'events',
    erased: 'SELECT id FROM events WHERE false',
    told: `SELECT id, jsonb_build_object('stream_id', stream_id, 'version', version) AS document FROM events`,
    kept: `SELECT event_id AS id, jsonb_build_object('stream_id', stream_id, 'version', version) AS document
      FROM inbox WHERE consumer = '${name}'`,
  };
}

/** What services keep of the events of others is what those say: feed, profiles, inboxes. */
export async function verifyCopies(snapshots: Snapshots): Promise<Findings> {
  const { notifications, users } = snapshots;
  const across = (consumer: Consumer, comparison: CrossComparison): Promise<Violation[]> =>
    compareAcross(snapshots[consumer.hears], snapshots[consumer.service], comparison);
  const violations = [
    ...(await notifications.violations([FEED])),
    ...(await users.violations([PROFILE_ROWS])),
    ...(await across(PROFILES, PROFILE_CONTENT)),
  ];
  for (const feed of FEEDS) violations.push(...(await across(feed, feedOf(feed))));
  for (const consumer of CONSUMERS) violations.push(...(await across(consumer, inboxOf(consumer))));
  return {
    checked: { fed: await notifications.count('feed'), profiles: await users.count('profiles') },
    violations,
  };
}
