import type { Id } from '@flotilla/contracts/ids';
import {
  CancelOrder,
  ConfirmOrder,
  GetOrder,
  GetOrderEvents,
  ListOrders,
  ListOrdersRequest,
  type OrderEventView,
  type OrderView,
  PlaceOrder,
  PlaceOrderBody,
} from '@flotilla/contracts/orders';
import type { Page } from '@flotilla/contracts/pages';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RequirePermission } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
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
    const placed = await this.fleet.call(PlaceOrder, { idempotencyKey, order });
    if (placed.replayed) reply.header('idempotency-replayed', 'true');
    createdAt(reply, `/orders/${placed.order.id}`);
    represents(reply, `/orders/${placed.order.id}`);
    return placed.order;
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
    return this.changed(reply, this.fleet.call(ConfirmOrder, { orderId }));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission('orders:write', 'orders:admin')
  cancel(
    @Param('id') orderId: Id<'ord'>,
    @Body() { reason }: CancelOrderBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    return this.changed(reply, this.fleet.call(CancelOrder, { orderId, reason }));
  }

  private async changed(reply: FastifyReply, change: Promise<OrderView>): Promise<OrderView> {
    const order = await change;
    represents(reply, `/orders/${order.id}`);
    return order;
  }
}
