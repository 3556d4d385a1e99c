import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/** More distinct texts than any service has: somebody is building statements from values. */
const MAX_NAMED = 1000;

/** Runs single statements on a connection: prepared under a name, timed, and logged when slow. */
export class Statements {
  /** When the last one succeeded, on the clock of `performance.now()`. */
  lastSuccessAt = -Infinity;
  /** Each stands for two more statements: its BEGIN and its COMMIT or ROLLBACK. */
  readonly transactions;
  private readonly names = new Map<string, string>();
  private readonly duration;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
    private readonly slowMs: number,
  ) {
    this.duration = metrics.histogram('db_statement_seconds', 'Time per SQL statement', [
      'outcome',
    ]);
    this.transactions = metrics.counter('db_transactions_total', 'Transactions begun');
  }

  async run<Row>(client: PoolClient, text: string, values: readonly unknown[]): Promise<Row[]> {
    const start = performance.now();
    let outcome: 'ok' | 'error' = 'error';
    try {
      // pg takes the array as it is; its type only forgets to say so.
      const result = await client.query({
        name: this.nameOf(text),
        text,
        values: values as unknown[],
      });
      outcome = 'ok';
      this.lastSuccessAt = performance.now();
      return result.rows as Row[];
    } finally {
      const elapsedMs = performance.now() - start;
      this.duration.observe({ outcome }, elapsedMs / 1000);
      if (elapsedMs > this.slowMs) this.logSlow(text, elapsedMs);
    }
  }

  /** Text only: values are the client's. */
  logSlow(text: string, elapsedMs: number): void {
    this.logger.warn({ statement: text, elapsedMs: Math.round(elapsedMs) }, 'slow statement');
  }

  /** The same name for the same text in every process; none once there are too many, so that memory stays bounded. */
  private nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known !== undefined || this.names.size >= MAX_NAMED) return known;
    const name = createHash('sha256').update(text).digest('base64url').slice(0, 16);
    this.names.set(text, name);
    return name;
  }
}
