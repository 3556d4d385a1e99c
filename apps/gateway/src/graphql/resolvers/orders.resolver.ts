import type { Id } from '@flotilla/contracts/ids';
import { CancelOrder, ConfirmOrder, ListOrders, PlaceOrder } from '@flotilla/contracts/orders';
import {
  Args,
  Context,
  ID,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { RequirePermission } from '../../auth/access.js';
import { FleetClient } from '../../clients/fleet-client.js';
import { idempotencyKeyOf } from '../../http/idempotency-key.js';
import { GraphqlContext } from '../graphql-context.js';
import { type Connection, connection } from '../types/connection.js';
import { Order, OrderConnection } from '../types/order.js';
import {
  CancelOrderInput,
  ConfirmOrderInput,
  OrdersArgs,
  PlaceOrderInput,
} from '../types/order-inputs.js';
import { User } from '../types/user.js';

@Resolver(() => Order)
export class OrdersResolver {
  constructor(private readonly fleet: FleetClient) {}

  @Query(() => Order, { nullable: true })
  @RequirePermission('orders:read', 'orders:admin')
  order(
    @Args('id', { type: () => ID }) id: Id<'ord'>,
    @Context() { loaders }: GraphqlContext,
  ): Promise<Order> {
    return loaders.order.load(id);
  }

  @Query(() => OrderConnection, { nullable: true })
  @RequirePermission('orders:read', 'orders:admin')
  orders(@Args() args: OrdersArgs): Promise<Connection<Order>> {
    const status = args.status ?? undefined;
    return connection(args, (page) => this.fleet.call(ListOrders, { ...page, status }));
  }

  @Mutation(() => Order, { nullable: true })
  @RequirePermission('orders:write')
  async placeOrder(
    @Args('input') { idempotencyKey: key, ...order }: PlaceOrderInput,
    @Context() context: GraphqlContext,
  ): Promise<Order> {
    const idempotencyKey = idempotencyKeyOf({ headers: { 'idempotency-key': key } });
    const placed = await this.fleet.call(PlaceOrder, { idempotencyKey, order });
    context.replayed ||= placed.replayed;
    return { ...placed.order, userId: context.actor.userId };
  }

  @Mutation(() => Order, { nullable: true })
  @RequirePermission('orders:write', 'orders:admin')
  confirmOrder(@Args('input') { id: orderId }: ConfirmOrderInput): Promise<Order> {
    return this.fleet.call(ConfirmOrder, { orderId });
  }

  @Mutation(() => Order, { nullable: true })
  @RequirePermission('orders:write', 'orders:admin')
  cancelOrder(@Args('input') { id: orderId, reason }: CancelOrderInput): Promise<Order> {
    return this.fleet.call(CancelOrder, { orderId, reason });
  }

  /** Whoever sees nobody else's orders sees their own; of other orders it is asked whose they are. */
  @ResolveField(() => User, { nullable: true })
  @RequirePermission('users:read', 'users:admin')
  async user(@Parent() order: Order, @Context() { loaders, actor }: GraphqlContext): Promise<User> {
    const own = actor.permissions.includes('orders:admin') ? undefined : actor.userId;
    const known = order.userId ?? own;
    return loaders.user.load(known ?? (await loaders.order.load(order.id)).userId);
  }
}
