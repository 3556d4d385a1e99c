import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Actor } from '@flotilla/contracts/actor';
import { newUuid, toId } from '@flotilla/contracts/ids';
import { GetStock } from '@flotilla/contracts/inventory';
import { ImportProducts } from '@flotilla/contracts/catalogue-import';
import type { Operation } from '@flotilla/contracts/operation';
import { isAppError } from '@flotilla/contracts/errors';
import { bootstrap as startInventory } from '@flotilla/inventory/bootstrap';
import { bootstrap as startOrders } from '@flotilla/orders/bootstrap';
import { SystemClock } from '@flotilla/runtime/clock';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testService } from '@flotilla/testing/service';
import { testRun } from '@flotilla/testing/test-run';
import { jest } from '@jest/globals';
import { serviceDatabaseUrl, withDatabase } from '../src/database-names.js';
import { PROGRAM } from './actions.js';
import { Operator } from '../src/operator.js';
import type { StatefulService } from '../src/services.js';
import { verifyEventStreams } from '../src/verify/event-streams.js';
import { verifyOrderReadModel } from '../src/verify/order-read-model.js';
import type { Violation } from '../src/verify/report.js';
import { verifyReservations } from '../src/verify/reservations.js';
import { Snapshot } from '../src/verify/snapshots.js';
import { verifyStock } from '../src/verify/stock.js';

const PASSWORD = 'shop';

/** Orders and inventory in this process, over a database each and a broker of their own. */
export interface Shop {
  /** The broker of both. */
  readonly nats: TestNats;
  /** The answer of an operation, or the code of its refusal. */
  ask<Request extends object, Response>(
    operation: Operation<Request, Response>,
    request: Request,
  ): Promise<Response | string>;
  /** A product at 1.00 EUR that nobody else knows. */
  product(onHand: number): Promise<string>;
  available(sku: string): Promise<number>;
  /** Moves the clock of orders. */
  pass(ms: number): void;
  /** What `fleet verify` finds wrong in the two databases. */
  violations(): Promise<Violation[]>;
  close(): Promise<void>;
}

/** `env`: more of what the services are started with. */
export async function openShop(env: Record<string, string> = {}): Promise<Shop> {
  const adminUrl = withDatabase(testRun.databaseUrl, `shop_${newUuid().slice(-12)}`);
  await makeDatabases(adminUrl);
  const nats = await testNats();
  const database = (service: StatefulService) => ({
    url: serviceDatabaseUrl(adminUrl, service, PASSWORD),
  });
  let offset = 0;
  jest.spyOn(SystemClock.prototype, 'now').mockImplementation(() => new Date(Date.now() + offset));
  const services = [
    await testService(startInventory, { database: database('inventory'), nats, env }),
    await testService(startOrders, { database: database('orders'), nats, env }),
  ];
  const operator = await Operator.connect(nats.url);
  const actor: Actor = {
    userId: toId('usr', newUuid()),
    mode: 'live',
    permissions: ['orders:read', 'orders:write', 'orders:admin', 'inventory:write'],
  };
  const ask: Shop['ask'] = async (operation, request) => {
    try {
      return await operator.call(operation, request, actor);
    } catch (error) {
      if (isAppError(error)) return error.code;
      throw error;
    }
  };
  return {
    nats,
    ask,
    product: async (onHand) => {
      const sku = `S-${newUuid()}`;
      const row = { line: 1, sku, name: 'Thing', price: { amount: 100, currency: 'EUR' }, onHand };
      await operator.call(ImportProducts, { mode: 'live', rows: [row] }, actor);
      return sku;
    },
    available: async (sku) =>
      (await operator.call(GetStock, { sku, mode: 'live' }, actor)).available,
    pass: (ms) => void (offset += ms),
    violations: async () => {
      const ordersNow = await Snapshot.open(adminUrl, 'orders');
      const inventoryNow = await Snapshot.open(adminUrl, 'inventory');
      try {
        const findings = [
          await verifyEventStreams(ordersNow),
          await verifyEventStreams(inventoryNow),
          await verifyStock(inventoryNow),
          await verifyOrderReadModel(ordersNow),
          await verifyReservations(ordersNow, inventoryNow),
        ];
        return findings.flatMap(({ violations }) => violations);
      } finally {
        await Promise.all([ordersNow.close(), inventoryNow.close()]);
      }
    },
    close: async () => {
      await operator.close();
      for (const service of services) await service.close();
      await nats.stop();
    },
  };
}

/** As an operator makes them, for every service. */
async function makeDatabases(adminUrl: string): Promise<void> {
  const env = { ...process.env, DATABASE_URL: adminUrl, SERVICE_DATABASE_PASSWORD: PASSWORD };
  const args = [PROGRAM, 'migrate', '--data', testRun.directory('shop')];
  await promisify(execFile)(process.execPath, args, { env });
}
