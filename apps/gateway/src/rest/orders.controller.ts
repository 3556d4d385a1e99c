import type { Id } from '@flotilla/contracts/ids';
import {
  CancelOrder,
  ConfirmOrder,
  FulfillOrder,
  FulfillOrderBody,
  GetOrder,
  GetOrderEvents,
  ListOrders,
  ListOrdersRequest,
  type OrderAnswer,
  type OrderEventView,
  type OrderView,
  PlaceOrder,
  PlaceOrderBody,
  RecordPayment,
  RecordPaymentBody,
  RefundOrder,
  RefundOrderBody,
  ReturnItems,
  ReturnItemsBody,
} from '@flotilla/contracts/orders';
import type { Page } from '@flotilla/contracts/pages';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RequirePermission } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';
import { IdempotencyKey, OptionalIdempotencyKey } from '../http/idempotency-key.js';
import { createdAt, represents } from '../http/location.js';
import { CancelOrderBody, NoFields } from './bodies.js';

@Controller('orders')
export class OrdersController {
  constructor(private readonly fleet: FleetClient) {}

  @Post()
  @RequirePermission('orders:write')
  async place(
    @IdempotencyKey() idempotencyKey: string,
    @Body() order: PlaceOrderBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    const placed = await answered(reply, this.fleet.call(PlaceOrder, { idempotencyKey, order }));
    createdAt(reply, `/orders/${placed.id}`);
    return placed;
  }

  @Get()
  @RequirePermission('orders:read', 'orders:admin')
  list(@Query() query: ListOrdersRequest): Promise<Page<OrderView>> {
    return this.fleet.call(ListOrders, query);
  }

  @Get(':id')
  @RequirePermission('orders:read', 'orders:admin')
  get(@Param('id') orderId: Id<'ord'>): Promise<OrderView> {
    return this.fleet.call(GetOrder, { orderId });
  }

  @Get(':id/events')
  @RequirePermission('orders:read', 'orders:admin')
  events(@Param('id') orderId: Id<'ord'>): Promise<{ data: OrderEventView[] }> {
    return this.fleet.call(GetOrderEvents, { orderId });
  }

  @Post(':id/confirm')
  @HttpCode(200)
  @RequirePermission('orders:write', 'orders:admin')
  confirm(
    @Param('id') orderId: Id<'ord'>,
    @Body(NoFields) _body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    return changed(reply, this.fleet.call(ConfirmOrder, { orderId }));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission('orders:write', 'orders:admin')
  cancel(
    @Param('id') orderId: Id<'ord'>,
    @Body() { reason }: CancelOrderBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    return changed(reply, this.fleet.call(CancelOrder, { orderId, reason }));
  }

  @Post(':id/fulfillments')
  @RequirePermission('orders:admin')
  fulfill(
    @Param('id') orderId: Id<'ord'>,
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() body: FulfillOrderBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    return answered(reply, this.fleet.call(FulfillOrder, { orderId, idempotencyKey, body }));
  }

  @Post(':id/payments')
  @RequirePermission('orders:admin')
  pay(
    @Param('id') orderId: Id<'ord'>,
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() body: RecordPaymentBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    return answered(reply, this.fleet.call(RecordPayment, { orderId, idempotencyKey, body }));
  }

  @Post(':id/refunds')
  @RequirePermission('orders:admin')
  refund(
    @Param('id') orderId: Id<'ord'>,
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() body: RefundOrderBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    return answered(reply, this.fleet.call(RefundOrder, { orderId, idempotencyKey, body }));
  }

  @Post(':id/returns')
  @RequirePermission('orders:admin')
  takeBack(
    @Param('id') orderId: Id<'ord'>,
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() body: ReturnItemsBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    return answered(reply, this.fleet.call(ReturnItems, { orderId, idempotencyKey, body }));
  }
}

/** The order, and whether it is the answer to a request that was made before. */
async function answered(reply: FastifyReply, answer: Promise<OrderAnswer>): Promise<OrderView> {
  const { order, replayed } = await answer;
  if (replayed) reply.header('idempotency-replayed', 'true');
  represents(reply, `/orders/${order.id}`);
  return order;
}

async function changed(reply: FastifyReply, change: Promise<OrderView>): Promise<OrderView> {
  const order = await change;
  represents(reply, `/orders/${order.id}`);
  return order;
}
