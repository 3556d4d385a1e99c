import { type EventEnvelope, ORDERS_EVENTS } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import { type EventDelivery, OnEvent } from '@flotilla/messaging/events';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { goodsOfEvent } from '../domain/goods.js';
import { fateOfEvent, termsOfEvent } from '../domain/order-fate.js';
import { MoveGoods } from '../use-cases/move-goods.js';
import { SettleOrder } from '../use-cases/settle-order.js';

/** The name of who follows orders here, for ever. */
export const RESERVATIONS_CONSUMER = 'inventory-reservations';

/** What inventory hears of orders. */
@Controller()
export class OrderEventsController {
  constructor(
    private readonly settleOrder: SettleOrder,
    private readonly moveGoods: MoveGoods,
  ) {}

  // A sale locks its own reservation only (stock is taken anew after a loss alone, and then nobody else takes any).
  @OnEvent(ORDERS_EVENTS, 'order.*', RESERVATIONS_CONSUMER, {
    together: (event) => fateOfEvent(event) === 'confirmed',
  })
  async onOrder(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    const { actor, subject } = event;
    const [fate, goods] = [fateOfEvent(event), goodsOfEvent(event)];
    if (fate === null && goods === null) return;
    const orderId = toUuid('ord', subject);
    const [tx, terms] = [delivery.transaction!, termsOfEvent(event)];
    if (fate === 'confirmed') this.settleOrder.executeShared(tx, { orderId, by: actor, terms });
    else if (fate) await this.settleOrder.execute(orderId, fate, actor, tx, terms);
    if (goods) await this.moveGoods.execute(orderId, goods, actor, tx);
  }
}
