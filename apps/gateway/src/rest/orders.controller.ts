import type { Answered } from '@flotilla/contracts/idempotency';
import type { Id } from '@flotilla/contracts/ids';
import {
  CancelOrder,
  ConfirmOrder,
  GetOrder,
  GetOrderEvents,
  ListOrders,
  ListOrdersRequest,
  type OrderAnswer,
  type OrderEventView,
  type OrderView,
  PlaceOrder,
  PlaceOrderBody,
} from '@flotilla/contracts/orders';
import {
  FulfillOrder,
  FulfillOrderBody,
  RecordPayment,
  RecordPaymentBody,
  RefundOrder,
  RefundOrderBody,
  ReturnItems,
  ReturnItemsBody,
} from '@flotilla/contracts/order-changes';
import { type Page, pageOfListing } from '@flotilla/contracts/pages';
import { failpoint } from '@flotilla/runtime/failpoints';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { RequirePermission } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';
import { IdempotencyKey, OptionalIdempotencyKey } from '../http/idempotency-key.js';
import { Answers } from '../http/answers.js';
import { CancelOrderBody, NoFields } from './bodies.js';

@Controller('orders')
export class OrdersController {
  constructor(private readonly fleet: FleetClient) {}

  @Post()
  @RequirePermission('orders:write')
  @Answers({ location: '/orders/:id', represents: '/orders/:id' })
  async place(
    @IdempotencyKey() idempotencyKey: string,
    @Body() order: PlaceOrderBody,
  ): Promise<Answered<OrderView>> {
    failpoint('gateway.before-send');
    const placed = await once(this.fleet.call(PlaceOrder, { idempotencyKey, order }));
    failpoint('gateway.after-send');
    return placed;
  }

  @Get()
  @RequirePermission('orders:read', 'orders:admin')
  async list(@Query() query: ListOrdersRequest): Promise<Page<OrderView>> {
    return pageOfListing(await this.fleet.call(ListOrders, query));
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
  @Answers({ represents: '/orders/:id' })
  confirm(@Param('id') orderId: Id<'ord'>, @Body(NoFields) _body: unknown): Promise<OrderView> {
    return this.fleet.call(ConfirmOrder, { orderId });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission('orders:write', 'orders:admin')
  @Answers({ represents: '/orders/:id' })
  cancel(@Param('id') orderId: Id<'ord'>, @Body() { reason }: CancelOrderBody): Promise<OrderView> {
    return this.fleet.call(CancelOrder, { orderId, reason });
  }

  @Post(':id/fulfillments')
  @RequirePermission('orders:admin')
  @Answers({ represents: '/orders/:id' })
  fulfill(
    @Param('id') orderId: Id<'ord'>,
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() body: FulfillOrderBody,
  ): Promise<Answered<OrderView>> {
    return once(this.fleet.call(FulfillOrder, { orderId, idempotencyKey, body }));
  }

  @Post(':id/payments')
  @RequirePermission('orders:admin')
  @Answers({ represents: '/orders/:id' })
  pay(
    @Param('id') orderId: Id<'ord'>,
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() body: RecordPaymentBody,
  ): Promise<Answered<OrderView>> {
    return once(this.fleet.call(RecordPayment, { orderId, idempotencyKey, body }));
  }

  @Post(':id/refunds')
  @RequirePermission('orders:admin')
  @Answers({ represents: '/orders/:id' })
  refund(
    @Param('id') orderId: Id<'ord'>,
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() body: RefundOrderBody,
  ): Promise<Answered<OrderView>> {
    return once(this.fleet.call(RefundOrder, { orderId, idempotencyKey, body }));
  }

  @Post(':id/returns')
  @RequirePermission('orders:admin')
  @Answers({ represents: '/orders/:id' })
  takeBack(
    @Param('id') orderId: Id<'ord'>,
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() body: ReturnItemsBody,
  ): Promise<Answered<OrderView>> {
    return once(this.fleet.call(ReturnItems, { orderId, idempotencyKey, body }));
  }
}

/** What orders says of an order that came about once. */
async function once(answer: Promise<OrderAnswer>): Promise<Answered<OrderView>> {
  const { order, replayed } = await answer;
  return { answer: order, replayed };
}
