import type {
  QuotaGrant,
  ReturnQuotaRequest,
  TakeQuotaRequest,
} from '@flotilla/contracts/api-key-usage';
import { notFound } from '@flotilla/contracts/errors';
import { toUuid } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { periodOf, unitsToGrant } from '../domain/quota.js';
import { type ApiKeyRow, fromRow, KEY_COLUMNS } from './api-key-row.js';

/** What of their quotas keys have taken: a ledger that never goes over. What dies with a gateway is spent. */
@Injectable()
export class KeyQuotaRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Units of the current period; none when it is used up. @throws AppError `not-found` for a key without a quota */
  async take({ keyId, units: needed }: TakeQuotaRequest): Promise<QuotaGrant> {
    const id = toUuid('key', keyId);
    return this.database.transaction(async (tx) => {
      const [row] = await tx.rows<ApiKeyRow>(`SELECT ${KEY_COLUMNS} FROM api_keys WHERE id = $1`, [
        id,
      ]);
      const quota = row && fromRow(row).quota;
      if (!quota) throw notFound('API key');
      const { start, end } = periodOf(quota.interval, this.clock.now());
      await tx.rows(
        'INSERT INTO key_quotas (key_id, period_start, taken) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING',
        [id, start],
      );
      const [ledger] = await tx.rows<{ taken: number }>(
        'SELECT taken::float8 AS taken FROM key_quotas WHERE key_id = $1 AND period_start = $2 FOR UPDATE',
        [id, start],
      );
      const units = unitsToGrant(quota.limit, ledger!.taken, needed);
      await tx.rows(
        'UPDATE key_quotas SET taken = taken + $3 WHERE key_id = $1 AND period_start = $2',
        [id, start, units],
      );
      return { units, periodStart: start.toISOString(), periodEnd: end.toISOString() };
    });
  }

  async giveBack({ keyId, periodStart, units }: ReturnQuotaRequest): Promise<void> {
    await this.database.rows(
      'UPDATE key_quotas SET taken = taken - $3 WHERE key_id = $1 AND period_start = $2 AND taken >= $3',
      [toUuid('key', keyId), periodStart, units],
    );
  }
}
