import { type EventEnvelope, ORDERS_EVENTS } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import { type EventDelivery, OnEvent } from '@flotilla/messaging/events';
import { failpoint } from '@flotilla/runtime/failpoints';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { fateOfEvent } from '../domain/order-fate.js';
import { SettleOrder } from '../use-cases/settle-order.js';

/** What inventory hears of orders. */
@Controller()
export class OrderEventsController {
  constructor(private readonly settleOrder: SettleOrder) {}

  @OnEvent(ORDERS_EVENTS, 'order.*', 'inventory-reservations')
  async onOrder(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    const fate = fateOfEvent(event);
    if (fate === null) return;
    const orderId = toUuid('ord', event.subject);
    await this.settleOrder.execute(orderId, fate, event.actor, delivery.transaction);
    failpoint('inventory.consumer-before-commit');
  }
}
