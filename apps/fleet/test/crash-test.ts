import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Id, newUuid, toId } from '@flotilla/contracts/ids';
import type { MovementView } from '@flotilla/contracts/inventory';
import { HoldStock, type StockHold } from '@flotilla/contracts/stock-holds';
import type { OrderView } from '@flotilla/contracts/orders';
import { eventually } from '@flotilla/testing/eventually';
import { Failpoints } from '@flotilla/testing/failpoints';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import type { HttpAnswer, HttpClient } from '@flotilla/testing/http-client';
import { lossyConnection, type LossyConnection } from '@flotilla/testing/lossy-connection';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testPostgres, type TestPostgres } from '@flotilla/testing/postgres';
import { expect } from '@jest/globals';
import pg from 'pg';
import { databaseName } from '../src/database-names.js';
import { Operator } from '../src/operator.js';
import type { StatefulService } from '../src/services.js';
import { verify } from '../src/verify/verify.js';
import { placeOrder, rows, stockUp } from './actions.js';

const PATIENCE = { timeoutMs: 30_000, everyMs: 50 };

/** A fleet over a database, a broker and failpoints that the test has in its hands. */
export class CrashTest {
  readonly client: HttpClient;

  constructor(
    readonly fleet: TestFleet,
    readonly failpoints: Failpoints,
    readonly database: LossyConnection,
    readonly nats: TestNats,
    private readonly postgres: TestPostgres,
  ) {
    this.client = fleet.client;
  }

  /** A product with 5 units, and a customer who wants 2 of them. */
  async attempt(): Promise<Attempt> {
    const sku = `C-${randomUUID()}`;
    await eventually(() => stockUp(this.fleet, { [sku]: 5 }), PATIENCE);
    return new Attempt(this, sku);
  }

  pids(service: string): number[] {
    const { processes } = this.fleet.file();
    return processes.filter((one) => one.service === service).map(({ pid }) => pid);
  }

  /** Kills the one process of a service, once it is ready to serve, and waits until it is gone. */
  async kill(service: string): Promise<void> {
    await this.isReady();
    const pids = this.pids(service);
    this.fleet.killService(service);
    await eventually(() => !pids.some((pid) => existsSync(`/proc/${pid}`)), { everyMs: 5 });
  }

  /** Lets go on whatever a failpoint paused. */
  goOn(service: string): void {
    for (const pid of this.pids(service)) process.kill(pid, 'SIGCONT');
  }

  async isReady(): Promise<void> {
    await eventually(async () => (await this.client.get('/readyz')).status === 200, PATIENCE);
  }

  /** The one process that died was started again by the supervisor, and serves. */
  async isBackAfter(service: string, before: readonly number[]): Promise<void> {
    await eventually(() => {
      const now = this.pids(service);
      const survivors = before.filter((pid) => now.includes(pid));
      return now.length === before.length && survivors.length === before.length - 1;
    }, PATIENCE);
    await this.isReady();
  }

  /** Copies a service's database as it is now; who is connected loses the connection. */
  async backUp(service: StatefulService): Promise<void> {
    const name = databaseName(this.fleet.file().databaseUrl, service);
    await this.whileClosed(name, [
      `DROP DATABASE IF EXISTS ${name}_backup`,
      `CREATE DATABASE ${name}_backup TEMPLATE ${name}`,
    ]);
  }

  /** Puts the copy in the place of the database, under the running services. */
  async restore(service: StatefulService): Promise<void> {
    const name = databaseName(this.fleet.file().databaseUrl, service);
    await this.whileClosed(name, [
      `DROP DATABASE ${name}`,
      `ALTER DATABASE ${name}_backup RENAME TO ${name}`,
    ]);
  }

  /** What an owner or an administrator does to an order. */
  async change({ id }: OrderView, what: string): Promise<void> {
    const { status } = await this.client.post(`/api/v1/orders/${id}/${what}`, {});
    expect([200, 201]).toContain(status);
  }

  private async whileClosed(name: string, statements: readonly string[]): Promise<void> {
    const admin = new pg.Client({ connectionString: this.postgres.url });
    await admin.connect();
    try {
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await eventually(async () => {
        const { rowCount } = await admin.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
          [name],
        );
        return rowCount === 0;
      });
      for (const statement of statements) await admin.query(statement);
    } finally {
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      await admin.end();
    }
  }

  async isConsistent(): Promise<void> {
    expect((await verify(this.fleet.file().databaseUrl)).violations).toEqual([]);
  }

  /** Nothing that one test did hurts the next. */
  heal(): void {
    this.failpoints.disarmAll();
    for (const service of ['orders', 'inventory']) this.goOn(service);
  }

  async close(): Promise<void> {
    await this.fleet.stop();
    await this.nats.stop();
    await this.database.close();
    await this.postgres.stop();
  }
}

/** A fleet with two replicas of orders, so that one can answer for another that is paused. */
export async function openCrashTest(): Promise<CrashTest> {
  const failpoints = new Failpoints();
  const [postgres, nats] = await Promise.all([testPostgres(), testNats()]);
  const database = await lossyConnection(postgres.url);
  const fleet = await testFleet({
    args: ['--replicas', 'orders=2'],
    env: {
      DATABASE_URL: database.url,
      NATS_URL: nats.url,
      SWEEP_INTERVAL_MS: '200',
      ...failpoints.env,
    },
  });
  return new CrashTest(fleet, failpoints, database, nats, postgres);
}

/** A customer who places one order, and asks again under the same key until there is an answer. */
export class Attempt {
  private readonly key = randomUUID();

  constructor(
    private readonly test: CrashTest,
    readonly sku: string,
  ) {}

  /** Another customer, who wants the same. */
  another(): Attempt {
    return new Attempt(this.test, this.sku);
  }

  /** Undefined when the connection broke. */
  async place<Body = unknown>(more: object = {}): Promise<HttpAnswer<Body> | undefined> {
    const items = [{ sku: this.sku, quantity: 2 }];
    try {
      return await placeOrder<Body>(this.test.client, this.key, items, more);
    } catch {
      return undefined;
    }
  }

  async status(): Promise<number> {
    return (await this.place())?.status ?? 0;
  }

  /** The first answer that is not "try again". */
  untilAnswered<Body = unknown>(more: object = {}): Promise<HttpAnswer<Body>> {
    return eventually(async () => {
      const answer = await this.place<Body & { code?: string }>(more);
      if (!answer || [503, 504].includes(answer.status)) return false;
      return answer.body.code !== 'idempotency-key-in-flight' && answer;
    }, PATIENCE);
  }

  /** What happened to the stock, oldest first. */
  async movements(): Promise<string[]> {
    const path = `/api/v1/inventory/${this.sku}/movements`;
    const { body } = await this.test.client.get<{ data: MovementView[] }>(path);
    return body.data.map(({ type }) => type).toReversed();
  }

  async hasMoved(expected: readonly string[]): Promise<void> {
    await eventually(async () => expect(await this.movements()).toEqual(expected), PATIENCE);
  }

  /** What happened to the order, oldest first. */
  async events(): Promise<string[]> {
    const { orderId } = await this.reservation();
    const events = await rows<{ type: string }>(
      this.test.fleet,
      'orders',
      `SELECT type FROM events WHERE stream_id = '${orderId}' ORDER BY version`,
    );
    return events.map(({ type }) => type);
  }

  /** Makes the hold older than the sweeper lets it be. */
  async growOld(): Promise<void> {
    const { orderId } = await this.reservation();
    await rows(
      this.test.fleet,
      'inventory',
      `UPDATE reservations SET held_at = held_at - interval '1 hour' WHERE order_id = '${orderId}'`,
    );
  }

  /** Sends to inventory what orders sent, once more. */
  async holdLate(): Promise<StockHold> {
    const { requestHash, publicId } = await this.reservation();
    const operator = await Operator.connect(this.test.nats.url);
    try {
      const lines = [{ sku: this.sku, quantity: 2 }];
      return await operator.call(
        HoldStock,
        { orderId: publicId, mode: 'live', requestHash, lines },
        { userId: toId('usr', newUuid()), mode: 'live', permissions: [] },
      );
    } finally {
      await operator.close();
    }
  }

  private async reservation(): Promise<{
    orderId: string;
    publicId: Id<'ord'>;
    requestHash: string;
  }> {
    const [row] = await rows<{ orderId: string; requestHash: string }>(
      this.test.fleet,
      'inventory',
      `SELECT order_id AS "orderId", encode(request_hash, 'hex') AS "requestHash"
       FROM reservations JOIN reservation_lines USING (order_id) WHERE sku = '${this.sku}'`,
    );
    return { ...row!, publicId: toId('ord', row!.orderId) };
  }
}
