import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { DatabaseConfig } from './config.js';
import { isPassing } from './database-errors.js';
import type { Logger } from './logger.js';
import type { MigrationClass } from './migrations.js';
import type { Statements } from './statements.js';
import { typeOrmLogger } from './typeorm-logger.js';

const POLL_MS = 250;

/** Opening a connection: the TCP handshake, and PostgreSQL's fork and password check on a busy machine. */
const CONNECT_MS = 2000;
const IDLE_CONNECTION_MS = 30_000;
/** What the gateway gives a service for an answer. */
const DEFAULT_BUDGET_MS = 1500;
/** No statement outlives the time for an answer, and no lock is waited for most of it. */
const STATEMENT_SHARE = 0.8;
const LOCK_SHARE = 0.4;
/** For a server that has stopped answering altogether, so that its own limit does not help. */
const REPLY_GRACE_MS = 1000;
/** Long, because the relay publishes within its transaction. */
const IDLE_IN_TRANSACTION_MS = 15_000;

export interface DataSourceParts {
  service: string;
  config: DatabaseConfig;
  migrations: readonly MigrationClass[];
  entities?: DataSourceOptions['entities'];
  /** How long callers wait for an answer of the service, in milliseconds. Default 1500. */
  budgetMs?: number;
}

/**
 * Opens the pool of a service, waiting up to `startTimeoutMs` for a database that is still starting.
 * @throws the last error of `pg` when it does not come, or at once when waiting cannot help (a wrong password).
 */
export async function openDataSource(
  { service, config, migrations, entities = [], budgetMs = DEFAULT_BUDGET_MS }: DataSourceParts,
  logger: Logger,
  statements: Statements,
): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: config.databaseUrl,
    entities,
    migrations: [...migrations],
    installExtensions: false, // the role may not, and the migrations have
    poolSize: config.poolMax,
    connectTimeoutMS: CONNECT_MS,
    applicationName: service,
    maxQueryExecutionTime: config.slowStatementMs,
    logger: typeOrmLogger((elapsedMs, text) => statements.logSlow(text, elapsedMs)),
    poolErrorHandler: (error: unknown) => logger.warn({ err: error }, 'database connection lost'),
    extra: {
      idleTimeoutMillis: IDLE_CONNECTION_MS,
      statement_timeout: budgetMs * STATEMENT_SHARE,
      lock_timeout: budgetMs * LOCK_SHARE,
      query_timeout: budgetMs * STATEMENT_SHARE + REPLY_GRACE_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      keepAlive: true,
    },
  });
  const giveUpAt = performance.now() + config.startTimeoutMs;
  for (;;) {
    try {
      return await dataSource.initialize();
    } catch (error) {
      if (!isPassing(error) || performance.now() > giveUpAt) throw error;
      logger.info({ err: error }, 'waiting for the database');
      await sleep(POLL_MS);
    }
  }
}
