import { type EventEnvelope, ORDERS_EVENTS } from '@flotilla/contracts/events';
import { operation } from '@flotilla/contracts/operation';
import type { OrderEvents } from '@flotilla/contracts/order-events';
import { EventStoreModule } from '@flotilla/event-store/event-store.module';
import { InboxMiddleware } from '@flotilla/event-store/inbox';
import { AllowRedaction1769200100000 } from '@flotilla/event-store/migrations/allow-redaction';
import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { type EventDelivery, OnEvent } from '@flotilla/messaging/events';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { natsService } from '@flotilla/messaging/nats-service';
import { serviceConfig, type ServiceConfig } from '@flotilla/runtime/config';
import { Database } from '@flotilla/runtime/database';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { Controller, type DynamicModule, Module } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { IsString } from 'class-validator';
import type { QueryRunner } from 'typeorm';

class ShippedRequest {
  @IsString()
  sku: string;
}
export const Shipped = operation<{ units: number }>()('shipped.get.v1', ShippedRequest, {
  idempotent: true,
});

class CreateShipped1769400000000 {
  up = (runner: QueryRunner) =>
    runner.query('CREATE TABLE shipped (sku text PRIMARY KEY, units integer NOT NULL)');
  down = (runner: QueryRunner) => runner.query('DROP TABLE shipped');
}
export const migrations = [
  CreateEventStore1767225600000,
  AllowRedaction1769200100000,
  CreateShipped1769400000000,
];

@Controller()
class ShippedController {
  constructor(private readonly database: Database) {}

  @OnEvent(ORDERS_EVENTS, 'order.*', 'shipped-units')
  async on(@Payload() event: EventEnvelope, @Ctx() { transaction }: EventDelivery): Promise<void> {
    if (event.type !== 'order.fulfilled') return;
    const { items } = event.data as OrderEvents['order.fulfilled'];
    await transaction!.rows(
      `INSERT INTO shipped SELECT sku, quantity FROM jsonb_to_recordset($1) AS item (sku text, quantity integer)
       ON CONFLICT (sku) DO UPDATE SET units = shipped.units + excluded.units`,
      [JSON.stringify(items)],
    );
  }

  @MessagePattern(Shipped.subject)
  async get(@Payload() { sku }: ShippedRequest): Promise<{ units: number }> {
    const text = 'SELECT units FROM shipped WHERE sku = $1';
    const [row] = await this.database.rows<{ units: number }>(text, [sku]);
    return row ?? { units: 0 };
  }
}

@Module({ controllers: [ShippedController] })
class ShippedModule {
  static forRoot(config: ServiceConfig): DynamicModule {
    const messaging = { ...config, service: 'shipped', eventMiddleware: [InboxMiddleware] };
    return {
      module: ShippedModule,
      imports: [
        DatabaseModule.forRoot({ config, migrations }),
        MessagingModule.forRoot(messaging),
        EventStoreModule.forRoot({ service: 'shipped' }),
      ],
    };
  }
}
export const bootstrap = natsService({
  name: 'shipped',
  module: ShippedModule,
  config: serviceConfig,
});
