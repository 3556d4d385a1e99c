import { EventEmitter } from 'node:events';
import { AppError } from '@flotilla/contracts/errors';
import type { Pool, PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { isStalePlan, spoilsConnection, toCallerError } from './database-errors.js';
import type { Metrics } from './metrics.js';
import { currentContext, remainingMs } from './request-context.js';
import type { Statements } from './statements.js';

export { isUniqueViolation } from './database-errors.js';

/** Waiting longer for others to give a connection back only moves the queue from the caller to here. */
const ACQUIRE_MS = 250;

const RECENTLY_MS = 1000;

const IDENTITY = `
  SELECT format('%s %s', oid, pg_postmaster_start_time()) AS identity
  FROM pg_database WHERE datname = current_database()`;

/** Runs SQL. The text must be a constant with `$1…`: it is prepared once per connection under its own name. */
export abstract class Sql {
  /**
   * The rows of a statement, also of `INSERT | UPDATE | DELETE … RETURNING`.
   * @throws AppError `unavailable` when the database is away, too busy or too slow, `deadline-exceeded` when nobody waits
   *   for the answer any more; else the error of `pg`
   *   (`isUniqueViolation`; SQLSTATE 40001 and 40P01 are not retried).
   */
  abstract rows<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** SQL inside a transaction; `manager` is TypeORM on the same connection. */
export abstract class Transaction extends Sql {
  abstract readonly manager: EntityManager;

  /** Tells those of this process who listen to a topic by `Database.onCommit`, once the transaction has committed. */
  abstract announce(topic: string): void;

  /**
   * Has `work` done right before the COMMIT, once for all items that this transaction was given for it (the same function),
   * in their order: so that what shares a transaction can share statements as well. What it throws undoes the transaction.
   */
  abstract beforeCommit<Item>(work: SharedWork<Item>, item: Item): void;
}

/** What one transaction does for many items at once. */
export type SharedWork<Item> = (tx: Transaction, items: readonly Item[]) => Promise<void>;

/** A service's database: single statements, and transactions. */
export class Database extends Sql {
  private readonly pool: Pool;
  private readonly commits = new EventEmitter();
  private readonly replacements = new EventEmitter();
  private identity: string | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
  ) {
    super();
    this.pool = (dataSource.driver as PostgresDriver).master as Pool;
    // A connection may break while it is out of the pool but idle; its next statement reports that.
    this.pool.on('connect', (client) => {
      client.on('error', () => undefined);
      this.recognise(client);
    });
  }

  /** How many connections there are, idle and wanted, as gauges. */
  publishPool(metrics: Metrics): void {
    const { pool } = this;
    metrics.gauge('db_pool_connections', 'Open connections', [], () => pool.totalCount);
    metrics.gauge('db_pool_idle', 'Idle connections', [], () => pool.idleCount);
    metrics.gauge('db_pool_waiting', 'Requests waiting', [], () => pool.waitingCount);
    metrics.gauge('db_pool_max', 'Most connections', [], () => pool.options.max);
  }

  /**
   * Rejects when the database does not answer. A pool that is busy with statements that succeed is not down:
   * saying so under load would take the replicas out of service one after another.
   */
  async ping(): Promise<void> {
    if (performance.now() - this.statements.lastSuccessAt < RECENTLY_MS) return;
    await this.rows('SELECT 1');
  }

  async rows<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    let client: PoolClient | undefined;
    let spoilt = false;
    try {
      client = await this.acquire(
        () => this.pool.connect(),
        (late) => late.release(),
      );
      return await this.statements.run<Row>(client, text, values);
    } catch (error) {
      spoilt = spoilsConnection(error);
      throw toCallerError(error);
    } finally {
      client?.release(spoilt);
    }
  }

  /**
   * Runs `work` in one transaction: committed when it returns, rolled back when it throws.
   * @throws what `work` throws; AppError as for `rows`. When the connection is lost during COMMIT
   *   nobody knows whether it took effect, so the caller must be able to repeat the work.
   */
  async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const runner = this.dataSource.createQueryRunner();
    let client: PoolClient | undefined;
    try {
      client = await this.acquire(
        () => runner.connect() as Promise<PoolClient>,
        () => void runner.release(),
      );
      await runner.startTransaction();
      this.statements.transactions.inc();
      const tx = new RunningTransaction(client, runner.manager, this.statements);
      const result = await work(tx);
      await tx.doSharedWork();
      await commit(client);
      for (const topic of tx.topics) this.commits.emit(topic);
      return result;
    } catch (error) {
      if (client) await rollback(client, error);
      throw toCallerError(error);
    } finally {
      if (client) await runner.release();
    }
  }

  /**
   * Calls back after every commit of this process whose transaction announced the topic; returns how to stop that. Only a
   * hint: of what another process commits, or of a COMMIT whose answer is lost, nobody hears.
   */
  onCommit(topic: string, listener: () => void): () => void {
    this.commits.on(topic, listener);
    return () => void this.commits.off(topic, listener);
  }

  /**
   * Calls back when a connection turns out to lead to another database than before, or to one that was started anew: it
   * may be a copy that knows less. The callback comes before the first transaction on that connection begins its work.
   */
  onReplaced(listener: () => void): () => void {
    this.replacements.on('replaced', listener);
    return () => void this.replacements.off('replaced', listener);
  }

  /** Asked ahead of whatever the connection was opened for, and so answered before that. */
  private recognise(client: PoolClient): void {
    client.query<{ identity: string }>(IDENTITY).then(
      ({ rows: [row] }) => {
        const before = this.identity;
        this.identity = row!.identity;
        if (before !== undefined && before !== this.identity) this.replacements.emit('replaced');
      },
      // It is lost, and whoever wanted it will see.
      () => undefined,
    );
  }

  /**
   * Begins nothing for a request whose time is over, and bounds the wait for a connection that others hold; opening a new
   * one has the pool's own, longer limit.
   */
  private acquire<Connection>(
    connect: () => Promise<Connection>,
    giveBack: (late: Connection) => void,
  ): Promise<Connection> {
    const leftMs = remainingMs(currentContext());
    if (leftMs <= 0) {
      throw new AppError('deadline-exceeded', 'There was no time left to ask the database.');
    }
    const waitMs = Math.min(ACQUIRE_MS, leftMs);
    const { totalCount, idleCount, waitingCount, options } = this.pool;
    const connecting = connect();
    if (totalCount - idleCount + waitingCount < options.max) return connecting;
    return new Promise((resolve, reject) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        reject(new Error(`timeout exceeded when trying to connect: ${Math.round(waitMs)} ms`));
      }, waitMs);
      connecting.then(
        (connection) => {
          clearTimeout(timer);
          if (late) giveBack(connection);
          else resolve(connection);
        },
        (error: unknown) => {
          clearTimeout(timer);
          reject(error);
        },
      );
    });
  }
}

class RunningTransaction extends Transaction {
  readonly topics = new Set<string>();
  private readonly shared = new Map<SharedWork<unknown>, unknown[]>();

  constructor(
    private readonly client: PoolClient,
    readonly manager: EntityManager,
    private readonly statements: Statements,
  ) {
    super();
  }

  async rows<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return await this.statements.run<Row>(this.client, text, values);
    } catch (error) {
      throw toCallerError(error);
    }
  }

  announce(topic: string): void {
    this.topics.add(topic);
  }

  beforeCommit<Item>(work: SharedWork<Item>, item: Item): void {
    const items = this.shared.get(work as SharedWork<unknown>);
    if (items) items.push(item);
    else this.shared.set(work as SharedWork<unknown>, [item]);
  }

  /** Each in the order in which it was first asked for; work that asks for more comes last. */
  async doSharedWork(): Promise<void> {
    for (const [work, items] of this.shared) {
      this.shared.delete(work);
      await work(this, items);
    }
  }
}

/** PostgreSQL answers COMMIT with ROLLBACK, and no error, when a statement failed and `work` swallowed that. */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new Error('Nothing was committed: an earlier statement failed');
}

/** Never throws, so that the first error is the one the caller sees. A connection in doubt leaves the pool. */
async function rollback(client: PoolClient, error: unknown): Promise<void> {
  try {
    await client.query('ROLLBACK');
    if (!isStalePlan(error)) return;
  } catch {
    // The connection is gone or out of step, and the transaction with it.
  }
  client.end().catch(() => undefined);
}
