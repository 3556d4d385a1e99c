import { type EventEnvelope, ORDERS_EVENTS } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import { type EventDelivery, OnEvent } from '@flotilla/messaging/events';
import { failpoint } from '@flotilla/runtime/failpoints';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { goodsOfEvent } from '../domain/goods.js';
import { fateOfEvent } from '../domain/order-fate.js';
import { MoveGoods } from '../use-cases/move-goods.js';
import { SettleOrder } from '../use-cases/settle-order.js';

/** What inventory hears of orders. */
@Controller()
export class OrderEventsController {
  constructor(
    private readonly settleOrder: SettleOrder,
    private readonly moveGoods: MoveGoods,
  ) {}

  @OnEvent(ORDERS_EVENTS, 'order.*', 'inventory-reservations')
  async onOrder(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    const { actor, subject } = event;
    const [fate, goods] = [fateOfEvent(event), goodsOfEvent(event)];
    if (fate === null && goods === null) return;
    const orderId = toUuid('ord', subject);
    if (fate) await this.settleOrder.execute(orderId, fate, actor, delivery.transaction);
    if (goods) await this.moveGoods.execute(orderId, goods, actor, delivery.transaction);
    failpoint('inventory.consumer-before-commit');
  }
}
