import type { Actor } from '@flotilla/contracts/actor';
import * as changes from '@flotilla/contracts/order-changes';
import * as operations from '@flotilla/contracts/orders';
import type { Listing } from '@flotilla/contracts/pages';
import { Caller } from '@flotilla/messaging/caller';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { OrderQueries } from '../repositories/order.queries.js';
import { CancelOrder } from '../use-cases/cancel-order.js';
import { ConfirmOrder } from '../use-cases/confirm-order.js';
import { FulfillOrder } from '../use-cases/fulfill-order.js';
import { PlaceOrder } from '../use-cases/place-order.js';
import { RecordPayment } from '../use-cases/record-payment.js';
import { RefundOrder } from '../use-cases/refund-order.js';
import { ResolveOrder } from '../use-cases/resolve-order.js';
import { ReturnItems } from '../use-cases/return-items.js';

/** The operations of `@flotilla/contracts/orders` and `…/order-changes`. */
@Controller()
export class OrdersController {
  constructor(
    private readonly placing: PlaceOrder,
    private readonly confirming: ConfirmOrder,
    private readonly cancelling: CancelOrder,
    private readonly fulfilling: FulfillOrder,
    private readonly paying: RecordPayment,
    private readonly refunding: RefundOrder,
    private readonly returning: ReturnItems,
    private readonly resolving: ResolveOrder,
    private readonly queries: OrderQueries,
  ) {}

  @MessagePattern(operations.PlaceOrder.subject)
  place(
    @Payload() request: operations.PlaceOrderRequest,
    @Caller() actor: Actor,
  ): Promise<operations.OrderAnswer> {
    return this.placing.execute(actor, request);
  }

  @MessagePattern(operations.GetOrder.subject)
  get(
    @Payload() { orderId }: operations.OrderIdRequest,
    @Caller() actor: Actor,
  ): Promise<operations.OrderView> {
    return this.queries.get(actor, orderId);
  }

  @MessagePattern(operations.ListOrders.subject)
  list(
    @Payload() request: operations.ListOrdersRequest,
    @Caller() actor: Actor,
  ): Promise<Listing<operations.OrderView>> {
    return this.queries.list(actor, request);
  }

  @MessagePattern(operations.FindOrders.subject)
  async findMany(
    @Payload() { orderIds }: operations.FindOrdersRequest,
    @Caller() actor: Actor,
  ): Promise<{ data: operations.OwnedOrder[] }> {
    return { data: await this.queries.findMany(actor, orderIds) };
  }

  @MessagePattern(operations.ListUserOrders.subject)
  async listOfUsers(
    @Payload() { lists }: operations.ListUserOrdersRequest,
    @Caller() actor: Actor,
  ): Promise<{ data: Listing<operations.OrderView>[] }> {
    return { data: await this.queries.listOfUsers(actor, lists) };
  }

  @MessagePattern(operations.GetOrderEvents.subject)
  events(
    @Payload() { orderId }: operations.OrderIdRequest,
    @Caller() actor: Actor,
  ): Promise<{ data: operations.OrderEventView[] }> {
    return this.queries.events(actor, orderId);
  }

  @MessagePattern(operations.ConfirmOrder.subject)
  confirm(
    @Payload() { orderId }: operations.OrderIdRequest,
    @Caller() actor: Actor,
  ): Promise<operations.OrderView> {
    return this.confirming.execute(actor, orderId);
  }

  @MessagePattern(operations.CancelOrder.subject)
  cancel(
    @Payload() request: operations.CancelOrderRequest,
    @Caller() actor: Actor,
  ): Promise<operations.OrderView> {
    return this.cancelling.execute(actor, request);
  }

  @MessagePattern(changes.FulfillOrder.subject)
  fulfill(
    @Payload() request: changes.FulfillOrderRequest,
    @Caller() actor: Actor,
  ): Promise<operations.OrderAnswer> {
    return this.fulfilling.execute(actor, request);
  }

  @MessagePattern(changes.RecordPayment.subject)
  pay(
    @Payload() request: changes.RecordPaymentRequest,
    @Caller() actor: Actor,
  ): Promise<operations.OrderAnswer> {
    return this.paying.execute(actor, request);
  }

  @MessagePattern(changes.RefundOrder.subject)
  refund(
    @Payload() request: changes.RefundOrderRequest,
    @Caller() actor: Actor,
  ): Promise<operations.OrderAnswer> {
    return this.refunding.execute(actor, request);
  }

  @MessagePattern(changes.ReturnItems.subject)
  takeBack(
    @Payload() request: changes.ReturnItemsRequest,
    @Caller() actor: Actor,
  ): Promise<operations.OrderAnswer> {
    return this.returning.execute(actor, request);
  }

  /** Asked by inventory on nobody's behalf. */
  @MessagePattern(operations.ResolveOrder.subject)
  resolve(@Payload() { orderId }: operations.OrderIdRequest): Promise<operations.OrderFate> {
    return this.resolving.execute(orderId);
  }
}
