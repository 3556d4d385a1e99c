import type { Actor } from '@flotilla/contracts/actor';
import type {
  GetKeyUsageRequest,
  RecordKeyUsageRequest,
  UsageBucket,
} from '@flotilla/contracts/api-key-usage';
import { AppError, notFound } from '@flotilla/contracts/errors';
import { toUuid } from '@flotilla/contracts/ids';
import { parseInstant } from '@flotilla/contracts/instant';
import { Clock } from '@flotilla/runtime/clock';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

const DAY_MS = 86_400_000;
/** Of hours or days in one answer. */
const MAX_BUCKETS = 1_000;
const BUCKET_MS = { hour: 3_600_000, day: DAY_MS };
const DEFAULT_RANGE_MS = { hour: DAY_MS, day: 30 * DAY_MS };

const GIVEN = `
  given AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS g(
    key_id uuid, hour timestamptz, requests bigint, errors bigint, rate_limited bigint, last_used_at timestamptz))`;

/** How much keys are used: by hour, and in all. */
@Injectable()
export class KeyUsageRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Adds a batch of counts, once however often it comes. */
  async record({ gatewayId, batch, usage }: RecordKeyUsageRequest): Promise<void> {
    const given = usage.map((one) => ({
      key_id: toUuid('key', one.keyId),
      hour: one.hour,
      requests: one.requests,
      errors: one.errors,
      rate_limited: one.rateLimited,
      last_used_at: one.lastUsedAt,
    }));
    await this.database.transaction(async (tx) => {
      if (await isNewBatch(tx, gatewayId, batch)) await add(tx, JSON.stringify(given));
    });
  }

  /** The use of a key of the caller's own, by hour or day of UTC, where there was any. @throws AppError `not-found`, `validation-failed` */
  async read(actor: Actor, request: GetKeyUsageRequest): Promise<{ data: UsageBucket[] }> {
    const { granularity = 'hour' } = request;
    const to = parse(request.to) ?? this.clock.now();
    const from = parse(request.from) ?? new Date(to.getTime() - DEFAULT_RANGE_MS[granularity]);
    if ((to.getTime() - from.getTime()) / BUCKET_MS[granularity] > MAX_BUCKETS) throw tooMuch();
    const keyId = toUuid('key', request.keyId);
    const [key] = await this.database.rows(
      `SELECT 1 FROM api_keys WHERE id = $1 AND user_id = $2 AND (mode = 'test' OR $3 = 'live')`,
      [keyId, toUuid('usr', actor.userId), actor.mode],
    );
    if (!key) throw notFound('API key');
    const rows = await this.database.rows<UsageBucket & { start: Date }>(
      `SELECT date_trunc($4, hour, 'UTC') AS start, sum(requests)::float8 AS requests,
         sum(errors)::float8 AS errors, sum(rate_limited)::float8 AS "rateLimited"
       FROM key_usage WHERE key_id = $1 AND hour >= date_trunc($4, $2::timestamptz, 'UTC') AND hour < $3
       GROUP BY start ORDER BY start`,
      [keyId, from, to, granularity],
    );
    return { data: rows.map((row) => ({ ...row, start: row.start.toISOString() })) };
  }
}

async function isNewBatch(tx: Transaction, gatewayId: string, batch: number): Promise<boolean> {
  const rows = await tx.rows(
    `WITH forgotten AS (
       DELETE FROM key_usage_batches WHERE received_at < now() - interval '1 day' AND gateway_id <> $1)
     INSERT INTO key_usage_batches (gateway_id, newest, received_at) VALUES ($1, $2, now())
     ON CONFLICT (gateway_id) DO UPDATE SET newest = excluded.newest, received_at = excluded.received_at
     WHERE key_usage_batches.newest < excluded.newest RETURNING 1`,
    [gatewayId, batch],
  );
  return rows.length > 0;
}

async function add(tx: Transaction, given: string): Promise<void> {
  // In one order for all gateways, or two of them would wait for each other.
  await tx.rows(
    `WITH ${GIVEN} SELECT 1 FROM api_keys WHERE id IN (SELECT key_id FROM given) ORDER BY id FOR NO KEY UPDATE`,
    [given],
  );
  await tx.rows(
    `WITH ${GIVEN}
     INSERT INTO key_usage AS kept (key_id, hour, requests, errors, rate_limited)
     SELECT key_id, hour, requests, errors, rate_limited FROM given
     WHERE key_id IN (SELECT id FROM api_keys) ORDER BY key_id, hour
     ON CONFLICT (key_id, hour) DO UPDATE SET requests = kept.requests + excluded.requests,
       errors = kept.errors + excluded.errors, rate_limited = kept.rate_limited + excluded.rate_limited`,
    [given],
  );
  await tx.rows(
    `WITH ${GIVEN}, totals AS (
       SELECT key_id, sum(requests) AS requests, max(last_used_at) AS last_used_at FROM given GROUP BY key_id)
     UPDATE api_keys SET usage_count = usage_count + totals.requests,
       last_used_at = greatest(api_keys.last_used_at, totals.last_used_at)
     FROM totals WHERE id = totals.key_id`,
    [given],
  );
}

function parse(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : parseInstant(text);
}

function tooMuch(): AppError<'validation-failed'> {
  const detail = `From here to the end there are more than ${MAX_BUCKETS} entries.`;
  return new AppError('validation-failed', 'The request is not valid.', {
    details: { errors: [{ pointer: '/from', code: 'range', detail }] },
  });
}
