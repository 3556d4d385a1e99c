import { Database } from '@flotilla/runtime/database';
import { Logger } from '@flotilla/runtime/logger';
import { Repeated } from '@flotilla/runtime/repeated';
import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { SEALED_RECORDS } from './oauth/oauth-records.js';
import { SEALED_SIGNING_KEYS } from './oauth/signing-keys.js';
import type { SealedColumn } from './sealed-column.js';
import { Sealing } from './sealing.js';
import { SEALED_SECOND_FACTORS } from './second-factor/second-factors.js';

/** A replica that was not started anew yet seals on under an earlier key. */
const EVERY_MS = 60_000;
/** Rows read at once. */
const PAGE = 500;

/** Everything in the database that is sealed. */
const SEALED: readonly SealedColumn[] = [
  SEALED_SIGNING_KEYS,
  SEALED_SECOND_FACTORS,
  SEALED_RECORDS,
];

interface SealedRow extends Record<string, unknown> {
  at: string;
  sealed: Buffer;
}

/** Seals under the newest key what an earlier one has sealed, so that the earlier one can be taken out and nothing is lost. */
@Injectable()
export class Reseal implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly repeated;

  constructor(
    private readonly database: Database,
    private readonly sealing: Sealing,
    private readonly logger: Logger,
  ) {
    this.repeated = new Repeated(
      EVERY_MS,
      (signal) => this.goThrough(signal),
      (error) => logger.warn({ err: error }, 'secrets cannot be sealed anew, trying on'),
    );
  }

  /** Nothing to do while there is one key. */
  onApplicationBootstrap(): void {
    if (this.sealing.hasEarlierKeys) this.repeated.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.repeated.stop();
  }

  /** Once through all there is, page by page; any number of processes may at once. */
  private async goThrough(signal: AbortSignal): Promise<void> {
    let sealedAnew = 0;
    let left = 0;
    for (const column of SEALED) {
      for (let page = await this.read(column); page.length > 0 && !signal.aborted;) {
        const outdated = page.filter(({ sealed }) => this.sealing.isOutdated(sealed));
        const done = outdated.length > 0 ? await this.sealAnew(column, outdated) : 0;
        sealedAnew += done;
        left += outdated.length - done;
        page = await this.read(column, page.at(-1));
      }
    }
    if (signal.aborted) return;
    if (sealedAnew + left > 0) this.logger.info({ sealedAnew, left }, 'secrets are sealed anew');
    else this.logger.info({}, 'nothing needs the earlier sealing keys any more');
  }

  private read(
    { table, column, key }: SealedColumn,
    after?: Record<string, unknown>,
  ): Promise<SealedRow[]> {
    const columns = key.join(', ');
    const places = key.map((_, index) => `$${index + 1}`).join(', ');
    return this.database.rows<SealedRow>(
      `SELECT ctid::text AS at, ${column} AS sealed, ${columns} FROM ${table}
       ${after ? `WHERE (${columns}) > (${places})` : ''} ORDER BY ${columns} LIMIT ${PAGE}`,
      after ? key.map((name) => after[name]) : [],
    );
  }

  /** What was written meanwhile is left for the next time. Answers how many rows were not. */
  private async sealAnew(
    { table, column, placeOf }: SealedColumn,
    rows: readonly SealedRow[],
  ): Promise<number> {
    const anew = rows.flatMap((row) => {
      const sealed = this.sealing.reseal(placeOf(row), row.sealed);
      return sealed ? [{ ...row, anew: sealed }] : [];
    });
    const written = await this.database.rows(
      `UPDATE ${table} AS row SET ${column} = given.anew
       FROM unnest($1::tid[], $2::bytea[], $3::bytea[]) AS given (at, sealed, anew)
       WHERE row.ctid = given.at AND row.${column} = given.sealed RETURNING 1`,
      [anew.map(({ at }) => at), anew.map(({ sealed }) => sealed), anew.map((row) => row.anew)],
    );
    return written.length;
  }
}
