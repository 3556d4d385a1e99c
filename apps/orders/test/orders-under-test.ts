import type { Actor, Mode, Permission } from '@flotilla/contracts/actor';
import { newUuid, toId } from '@flotilla/contracts/ids';
import type { PlaceOrderBody } from '@flotilla/contracts/orders';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { NatsLink } from '@flotilla/messaging/nats-link';
import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { type RunningService, startService } from '@flotilla/runtime/bootstrap';
import { Clock } from '@flotilla/runtime/clock';
import { serviceConfig } from '@flotilla/runtime/config';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { createLogger } from '@flotilla/runtime/logger';
import { RuntimeModule } from '@flotilla/runtime/runtime.module';
import { type TestNats, testNats } from '@flotilla/testing/nats';
import { type TestDatabase, testDatabase } from '@flotilla/testing/postgres';
import type { Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { InventoryStockHolds } from '../src/clients/inventory-stock-holds.js';
import { migrations } from '../src/migrations.js';
import { CustomersRepository } from '../src/repositories/customers.repository.js';
import { OrderNumberBlocks } from '../src/repositories/order-number-blocks.js';
import { OrderQueries } from '../src/repositories/order.queries.js';
import { OrderRepository } from '../src/repositories/order.repository.js';
import { ReadModelRebuild } from '../src/repositories/read-model-rebuild.js';
import { CancelOrder } from '../src/use-cases/cancel-order.js';
import { ChangeOnce } from '../src/use-cases/change-once.js';
import { ConfirmOrder } from '../src/use-cases/confirm-order.js';
import { EraseCustomer } from '../src/use-cases/erase-customer.js';
import { ExpireOrders } from '../src/use-cases/expire-orders.js';
import { FulfillOrder } from '../src/use-cases/fulfill-order.js';
import { PlaceOrder } from '../src/use-cases/place-order.js';
import { Customers, OrderNumbers, Orders, StockHolds } from '../src/use-cases/ports.js';
import { RecordPayment } from '../src/use-cases/record-payment.js';
import { RefundOrder } from '../src/use-cases/refund-order.js';
import { ResolveOrder } from '../src/use-cases/resolve-order.js';
import { ReturnItems } from '../src/use-cases/return-items.js';
import { StockStandIn } from './stock-stand-in.js';

/** A clock that stands still until it is moved. */
export class TestClock extends Clock {
  private ms = Date.parse('2026-03-01T12:00:00.000Z');

  now(): Date {
    return new Date(this.ms);
  }

  advance(ms: number): void {
    this.ms += ms;
  }
}

/** One process of the service: its use cases without its port and its background work. */
export interface Replica {
  get<T>(type: Type<T> | (abstract new () => T)): T;
}

/** The rules of orders over a real database and real messages, and a stand-in that answers for inventory. */
export interface OrdersUnderTest extends Replica {
  readonly database: TestDatabase;
  readonly nats: TestNats;
  readonly clock: TestClock;
  readonly stock: StockStandIn;
  /** One more process, by this way to the database if given. */
  replica(databaseUrl?: string): Promise<Replica>;
  close(): Promise<void>;
}

export async function ordersUnderTest(): Promise<OrdersUnderTest> {
  const [database, nats] = await Promise.all([testDatabase(migrations), testNats()]);
  const clock = new TestClock();
  const { stock, service: inventory } = await startStock(nats.url);
  const modules: TestingModule[] = [];
  const replica = async (databaseUrl = database.url): Promise<TestingModule> => {
    const module = await startReplica(databaseUrl, nats.url, clock);
    modules.push(module);
    return module;
  };
  const first = await replica();
  return {
    database,
    nats,
    clock,
    stock,
    replica,
    get: (type) => first.get(type),
    close: async () => {
      await Promise.all(modules.map((module) => module.close()));
      await inventory.close();
      await Promise.all([database.drop(), nats.stop()]);
    },
  };
}

/** Starts something that answers for inventory. */
export async function startStock(
  natsUrl: string,
): Promise<{ stock: StockStandIn; service: RunningService }> {
  class StockModule {}
  let stock!: StockStandIn;
  const service = await startService({
    name: 'inventory',
    module: {
      module: StockModule,
      imports: [MessagingModule.forRoot({ service: 'inventory', natsUrl })],
      controllers: [StockStandIn],
    },
    config: testConfig('postgres://unused', natsUrl),
    strategy: (app) => app.get(NatsStrategy),
    prepare: (app) => void (stock = app.get(StockStandIn)),
  });
  return { stock, service };
}

async function startReplica(
  databaseUrl: string,
  natsUrl: string,
  clock: Clock,
): Promise<TestingModule> {
  const config = testConfig(databaseUrl, natsUrl);
  const module = await Test.createTestingModule({
    imports: [
      RuntimeModule.forRoot('orders', createLogger('orders', 'silent')),
      DatabaseModule.forRoot({ config, migrations }),
      MessagingModule.forRoot({ service: 'orders', natsUrl }),
    ],
    providers: [
      { provide: Orders, useClass: OrderRepository },
      OrderQueries,
      ReadModelRebuild,
      { provide: OrderNumbers, useClass: OrderNumberBlocks },
      { provide: StockHolds, useClass: InventoryStockHolds },
      PlaceOrder,
      ConfirmOrder,
      CancelOrder,
      ChangeOnce,
      FulfillOrder,
      RecordPayment,
      RefundOrder,
      ReturnItems,
      ResolveOrder,
      EraseCustomer,
      { provide: Customers, useClass: CustomersRepository },
      ExpireOrders,
    ],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  await module.init();
  await module.get(NatsLink).connection();
  return module;
}

function testConfig(databaseUrl: string, natsUrl: string): ReturnType<typeof serviceConfig> {
  return serviceConfig({ DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'silent' });
}

/** A user who was never here before. */
export function someone(
  options: { mode?: Mode; permissions?: Permission[]; userId?: Actor['userId'] } = {},
): Actor {
  const { mode = 'live', permissions = ['orders:read', 'orders:write'] } = options;
  return { userId: options.userId ?? toId('usr', newUuid()), mode, permissions };
}

/** An order of some tea under a key of its own, unless told otherwise. */
export function teaOrder(
  order: Partial<PlaceOrderBody> = {},
  idempotencyKey: string = newUuid(),
): { idempotencyKey: string; order: PlaceOrderBody } {
  return { idempotencyKey, order: { items: [{ sku: 'TEA', quantity: 1 }], ...order } };
}
