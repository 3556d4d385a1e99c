import { CacheModule } from '@flotilla/cache/cache.module';
import { tableTag } from '@flotilla/cache/query-cache';
import { INVENTORY_EVENTS } from '@flotilla/contracts/events';
import { EventStoreModule } from '@flotilla/event-store/event-store.module';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { InboxMiddleware } from '@flotilla/event-store/inbox';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { RedisModule } from '@flotilla/runtime/redis.module';
import { type DynamicModule, Module } from '@nestjs/common';
import { OrdersFates } from './clients/orders-fates.js';
import { type InventoryConfig, SWEEP_CONFIG } from './config.js';
import { CrashBeforeAck } from './controllers/crash-before-ack.js';
import { HoldSweeper } from './controllers/hold-sweeper.js';
import { InventoryController } from './controllers/inventory.controller.js';
import { OrderEventsController } from './controllers/order-events.controller.js';
import { OrderLogFollower } from './controllers/order-log-follower.js';
import { ProductsController } from './controllers/products.controller.js';
import { migrations } from './migrations.js';
import { CatalogueRepository } from './repositories/catalogue.repository.js';
import { GoodsRepository } from './repositories/goods.repository.js';
import { ProductQueries } from './repositories/product.queries.js';
import { ProductsRepository } from './repositories/products.repository.js';
import { ReservationsRepository } from './repositories/reservations.repository.js';
import { StockQueries } from './repositories/stock.queries.js';
import { StockRepository } from './repositories/stock.repository.js';
import { AdjustStock } from './use-cases/adjust-stock.js';
import { ChangeProduct } from './use-cases/change-product.js';
import { CommitHold } from './use-cases/commit-hold.js';
import { CreateProduct } from './use-cases/create-product.js';
import { HoldStock } from './use-cases/hold-stock.js';
import { MoveGoods } from './use-cases/move-goods.js';
import { Catalogue, Goods, OrderFates, Products, Reservations, Stock } from './use-cases/ports.js';
import { ReclaimUnconfirmed } from './use-cases/reclaim-unconfirmed.js';
import { RecountStock } from './use-cases/recount-stock.js';
import { SalesGate } from './use-cases/sales-gate.js';
import { SettleOrder } from './use-cases/settle-order.js';
import { SweepHolds } from './use-cases/sweep-holds.js';

/** Products, their stock, and who holds it. */
@Module({})
export class InventoryModule {
  static forRoot(config: InventoryConfig): DynamicModule {
    return {
      module: InventoryModule,
      imports: [
        // Orders waits a second for it.
        DatabaseModule.forRoot({ config, migrations, budgetMs: 1_000 }),
        MessagingModule.forRoot({
          ...config,
          service: 'inventory',
          eventMiddleware: [CrashBeforeAck, InboxMiddleware],
        }),
        EventStoreModule.forRoot({ channel: INVENTORY_EVENTS }),
        RedisModule.forRoot(config),
        CacheModule.forRoot(config, {
          events: [
            {
              channel: INVENTORY_EVENTS,
              filter: 'catalogue.*',
              tags: () => [tableTag('products')],
            },
          ],
        }),
      ],
      controllers: [ProductsController, InventoryController, OrderEventsController],
      providers: [
        { provide: SWEEP_CONFIG, useValue: config },
        { provide: Reservations, useClass: ReservationsRepository },
        { provide: Catalogue, useClass: CatalogueRepository },
        { provide: Goods, useClass: GoodsRepository },
        { provide: Products, useClass: ProductsRepository },
        { provide: Stock, useClass: StockRepository },
        { provide: OrderFates, useClass: OrdersFates },
        IdempotentRequests,
        ProductQueries,
        StockQueries,
        CreateProduct,
        ChangeProduct,
        AdjustStock,
        RecountStock,
        ReclaimUnconfirmed,
        HoldStock,
        CommitHold,
        SettleOrder,
        MoveGoods,
        SweepHolds,
        HoldSweeper,
        SalesGate,
        OrderLogFollower,
        CrashBeforeAck,
      ],
    };
  }
}
