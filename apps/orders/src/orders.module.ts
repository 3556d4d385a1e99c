import { ORDERS_EVENTS } from '@flotilla/contracts/events';
import { EventStoreModule } from '@flotilla/event-store/event-store.module';
import { InboxMiddleware } from '@flotilla/event-store/inbox';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { type DynamicModule, Module } from '@nestjs/common';
import { InventoryStockHolds } from './clients/inventory-stock-holds.js';
import { type OrdersConfig, SWEEP_CONFIG } from './config.js';
import { AccountEventsController } from './controllers/account-events.controller.js';
import { ExpirySweeper } from './controllers/expiry-sweeper.js';
import { OrdersController } from './controllers/orders.controller.js';
import { RebuildController } from './controllers/rebuild.controller.js';
import { migrations } from './migrations.js';
import { CustomersRepository } from './repositories/customers.repository.js';
import { OrderNumberBlocks } from './repositories/order-number-blocks.js';
import { OrderQueries } from './repositories/order.queries.js';
import { OrderRepository } from './repositories/order.repository.js';
import { ReadModelRebuild } from './repositories/read-model-rebuild.js';
import { CancelOrder } from './use-cases/cancel-order.js';
import { ChangeOnce } from './use-cases/change-once.js';
import { ConfirmOrder } from './use-cases/confirm-order.js';
import { EraseCustomer } from './use-cases/erase-customer.js';
import { ExpireOrders } from './use-cases/expire-orders.js';
import { FulfillOrder } from './use-cases/fulfill-order.js';
import { PlaceOrder } from './use-cases/place-order.js';
import { Customers, OrderNumbers, Orders, StockHolds } from './use-cases/ports.js';
import { RecordPayment } from './use-cases/record-payment.js';
import { RefundOrder } from './use-cases/refund-order.js';
import { ResolveOrder } from './use-cases/resolve-order.js';
import { ReturnItems } from './use-cases/return-items.js';

/** Order streams and their read model. */
@Module({})
export class OrdersModule {
  static forRoot(config: OrdersConfig): DynamicModule {
    return {
      module: OrdersModule,
      imports: [
        DatabaseModule.forRoot({ config, migrations }),
        MessagingModule.forRoot({
          ...config,
          service: 'orders',
          eventMiddleware: [InboxMiddleware],
        }),
        EventStoreModule.forRoot({ channel: ORDERS_EVENTS }),
      ],
      controllers: [OrdersController, AccountEventsController, RebuildController],
      providers: [
        { provide: SWEEP_CONFIG, useValue: config },
        { provide: Orders, useClass: OrderRepository },
        { provide: Customers, useClass: CustomersRepository },
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
        ExpireOrders,
        ExpirySweeper,
      ],
    };
  }
}
