import {
  type EventEnvelope,
  eventSubject,
  INVENTORY_EVENTS,
  ORDERS_EVENTS,
} from '@flotilla/contracts/events';
import { type LogEntry, readLogOperation } from '@flotilla/contracts/event-stream';
import { type Id, newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import { OrderIdRequest, type OrderFate, ResolveOrder } from '@flotilla/contracts/orders';
import type { OrderEvents } from '@flotilla/contracts/order-events';
import { JetStream } from '@flotilla/messaging/jetstream';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { type RunningService, startService } from '@flotilla/runtime/bootstrap';
import { processConfig } from '@flotilla/runtime/config';
import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';

/** What orders answers, for the order ids that a test has decided; it knows nothing of others. */
const fates = new Map<string, OrderFate>();
const asked: string[] = [];

@Controller()
class FatesController {
  @MessagePattern(ResolveOrder.subject)
  resolve(@Payload() { orderId }: OrderIdRequest): OrderFate {
    asked.push(orderId);
    const fate = fates.get(orderId);
    if (!fate) throw new Error('no test has decided this order');
    return fate;
  }

  @MessagePattern(readLogOperation('orders').subject)
  readLog(): { entries: LogEntry[] } {
    return { entries: [] };
  }
}

@Module({})
class OrdersModule {}

/** A service in the place of orders: a real one on NATS, whose decisions a test makes. */
export interface OrdersStandIn {
  rpc: RpcClient;
  fates: Map<string, OrderFate>;
  /** The orders that inventory has asked about. */
  asked: string[];
  /** Publishes the next events of an order. */
  publish<Type extends keyof OrderEvents | 'order.unheard-of'>(
    orderId: Id<'ord'>,
    version: number,
    type: Type,
    data: object,
  ): Promise<EventEnvelope>;
  /** Publishes the same event once more, under another message id. */
  repeat(event: EventEnvelope): Promise<void>;
  /** The last event of a type that inventory has published. */
  announced(type: string): Promise<EventEnvelope>;
  close(): Promise<void>;
}

export async function startOrders(natsUrl: string): Promise<OrdersStandIn> {
  let rpc: RpcClient | undefined;
  let jetStream: JetStream | undefined;
  const service: RunningService = await startService({
    name: 'orders',
    module: {
      module: OrdersModule,
      imports: [MessagingModule.forRoot({ service: 'orders', natsUrl })],
      controllers: [FatesController],
    },
    config: processConfig({ NATS_URL: natsUrl, LOG_LEVEL: 'silent' }),
    strategy: (app) => {
      rpc = app.get(RpcClient);
      jetStream = app.get(JetStream);
      return app.get(NatsStrategy);
    },
  });
  await jetStream!.ensureStream(ORDERS_EVENTS);
  const send = async (event: EventEnvelope): Promise<void> => {
    const manager = await jetStream!.manager();
    const subject = eventSubject(ORDERS_EVENTS, event.type);
    await manager.jetstream().publish(subject, JSON.stringify(event), { msgID: newUuid() });
  };
  return {
    rpc: rpc!,
    fates,
    asked,
    publish: async (orderId, version, type, data) => {
      const event: EventEnvelope = {
        id: toId('evt', newUuid()),
        type,
        version,
        subject: orderId,
        streamId: toUuid('ord', orderId),
        occurredAt: new Date().toISOString(),
        actor: { system: 'test' },
        data,
      };
      await send(event);
      return event;
    },
    repeat: send,
    announced: async (type) => {
      const { streams } = await jetStream!.manager();
      const message = await streams.getMessage(INVENTORY_EVENTS.stream, {
        last_by_subj: eventSubject(INVENTORY_EVENTS, type),
      });
      return message!.json<EventEnvelope>();
    },
    close: () => service.close(),
  };
}
