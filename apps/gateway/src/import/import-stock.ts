import type { Mode } from '@flotilla/contracts/actor';
import {
  type ImportResult,
  type ImportRow,
  ImportProducts,
  type RejectedRow,
} from '@flotilla/contracts/catalogue-import';
import { currentContext, runInContext } from '@flotilla/runtime/request-context';
import { Injectable } from '@nestjs/common';
import { FleetClient } from '../clients/fleet-client.js';
import type { RowResult } from './rows.js';

/** As many as `ImportProducts` takes. */
const BATCH_ROWS = 500;
/** Rows with long names travel in smaller company: a NATS message holds 1 MiB. In UTF-16 units of the names. */
const BATCH_NAMES = 100_000;
const BATCH_TIMEOUT_MS = 10_000;
const CONCURRENT_BATCHES = 2;
/** More rejections are counted but not listed. */
const MAX_ERRORS = 10_000;

/** Sends the rows of a file to inventory as they are read, and reads no faster than they are taken. */
@Injectable()
export class ImportStock {
  constructor(private readonly fleet: FleetClient) {}

  /**
   * Imports what is valid and reports the rest by line, at most 10,000 of them. A SKU that comes twice, in whatever
   * case, is taken the first time. What was taken before an error stays; importing the file again is harmless.
   */
  async execute(mode: Mode, results: AsyncIterable<RowResult[]>): Promise<ImportResult> {
    const report = new ImportReport();
    const seen = new Set<string>();
    const inFlight = new Set<Promise<void>>();
    let batch: ImportRow[] = [];
    let names = 0;

    const send = async (rows: ImportRow[]): Promise<void> => {
      report.add(await this.importBatch(mode, rows));
    };
    const flush = async (): Promise<void> => {
      if (batch.length === 0) return;
      if (inFlight.size >= CONCURRENT_BATCHES) await Promise.race(inFlight);
      const sending = send(batch).then(() => void inFlight.delete(sending));
      // Whoever waits for it hears of its failure; nobody may be waiting just then.
      sending.catch(() => undefined);
      inFlight.add(sending);
      batch = [];
      names = 0;
    };

    try {
      for await (const some of results) {
        for (const result of some) {
          if ('rejected' in result) {
            report.reject(result.rejected);
          } else if (seen.has(result.row.sku.toLowerCase())) {
            report.reject(duplicate(result.row));
          } else {
            seen.add(result.row.sku.toLowerCase());
            if (names + result.row.name.length > BATCH_NAMES) await flush();
            batch.push(result.row);
            names += result.row.name.length;
            if (batch.length === BATCH_ROWS) await flush();
          }
        }
      }
      await flush();
      await Promise.all(inFlight);
    } finally {
      await Promise.allSettled(inFlight);
    }
    return report.result();
  }

  private importBatch(mode: Mode, rows: ImportRow[]): Promise<ImportResult> {
    const context = { ...currentContext()!, deadline: performance.now() + BATCH_TIMEOUT_MS };
    return runInContext(context, () =>
      this.fleet.call(ImportProducts, { mode, rows }, { timeoutMs: BATCH_TIMEOUT_MS }),
    );
  }
}

function duplicate({ line, sku }: ImportRow): RejectedRow {
  return { line, code: 'sku-taken', detail: `${sku} stands further up in the file.` };
}

class ImportReport {
  #accepted = 0;
  #rejected = 0;
  readonly #errors: RejectedRow[] = [];

  add({ accepted, rejected, errors }: ImportResult): void {
    this.#accepted += accepted;
    this.#rejected += rejected;
    this.#list(errors);
  }

  reject(row: RejectedRow): void {
    this.#rejected += 1;
    this.#list([row]);
  }

  result(): ImportResult {
    const errors = this.#errors.toSorted((a, b) => a.line - b.line);
    return { accepted: this.#accepted, rejected: this.#rejected, errors };
  }

  #list(errors: RejectedRow[]): void {
    this.#errors.push(...errors.slice(0, MAX_ERRORS - this.#errors.length));
  }
}
